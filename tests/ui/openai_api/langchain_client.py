"""A program that uses LangChain's ChatOpenAI: `python langchain_client.py ORDER STREAMED`.

BASE_URL, KEY and PHOTO (a data URL) are in the environment. It looks an order up, cancels it with the next message,
shows a photo, and prints what it was answered.
"""

import json
import os
import sys

from langchain_openai import ChatOpenAI


def main(order: str, streamed: str) -> None:
    model = ChatOpenAI(
        model="shopdesk", base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"], stream_usage=True, max_retries=0
    )

    def ask(messages: list[dict[str, object]]) -> tuple[str, object]:
        if streamed != "true":
            answer = model.invoke(messages)
            return answer.text, answer.usage_metadata
        first, *rest = model.stream(messages)
        whole = sum(rest, start=first)
        return whole.text, whole.usage_metadata

    talk: list[dict[str, object]] = []
    for text in (f"Where is my order {order}?", f"Please cancel order {order}", "yes"):
        talk.append({"role": "user", "content": text})
        talk.append({"role": "assistant", "content": ask(talk)[0]})
    parts = [
        {"type": "text", "text": "Which product is this?"},
        {"type": "image_url", "image_url": {"url": os.environ["PHOTO"]}},
    ]
    photo, usage = ask([{"role": "user", "content": parts}])
    answers = [message["content"] for message in talk if message["role"] == "assistant"]
    sys.stdout.write(json.dumps({"answers": answers, "photo": photo, "usage": usage}))


if __name__ == "__main__":
    main(*sys.argv[1:])
