"""Builds a JSON reply that satisfies any schema, with words taken from the picture."""

import json
import math
import re
from typing import Any

from team.standin.speaking.pictures import Scene, look
from team.standin.understanding.conversation import Conversation
from team.standin.understanding.language import Language
from team.standin.wire import ChatRequest, Json

UNCERTAIN = ("unclear", "unknown", "medium", "other")
CONFIDENCE = 0.5


def fulfil(request: ChatRequest, conversation: Conversation) -> str:
    """Reply to a request with a `json_schema`."""
    wanted = request.response_format.json_schema if request.response_format else None
    schema = wanted.schema_ if wanted else {}
    return json.dumps(Filler(schema, scene(request), conversation.language).value(schema, ""), ensure_ascii=False)


def scene(request: ChatRequest) -> Scene | None:
    """Return the picture the request is about: the last one in it."""
    urls = [url for message in request.messages for url in message.images]
    return look(urls[-1]) if urls else None


class Filler:
    """Walks a schema and fills it from a scene."""

    def __init__(self, root: Json, scene: Scene | None, language: Language) -> None:
        self.root = root
        self.scene = scene
        self.language = language

    def value(self, schema: Json, name: str) -> object:
        """Return a value that the schema allows."""
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._chosen(schema["enum"])
        return self._plain(schema, name)

    def _plain(self, schema: Json, name: str) -> object:
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {key: self.value(part, key) for key, part in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.value(schema["items"], name)] * schema.get("minItems", 0) if "items" in schema else []
        simple = {
            "number": self._within(schema, CONFIDENCE),
            "integer": math.ceil(self._within(schema, 0)),
            "boolean": False,
            "null": None,
        }
        return simple[kind] if kind in simple else self._words(name)[: schema.get("maxLength")]

    def _resolved(self, schema: Json) -> Json:
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self._resolved(options[0])
        if "$ref" not in schema:
            return schema
        found: Any = self.root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return self._resolved(found)

    def _chosen(self, options: list[object]) -> object:
        seen = [self.scene.brightness, self.scene.colour] if self.scene else []
        return next((option for option in options if option in (*seen, *UNCERTAIN)), options[0])

    def _words(self, name: str) -> str:
        if re.search(r"text|ocr|label", name) or self.scene is None:
            return ""
        return self.scene.described(self.language)

    @staticmethod
    def _within(schema: Json, wanted: float) -> float:
        return float(max(schema.get("minimum", wanted), min(schema.get("maximum", wanted), wanted)))


def described(request: ChatRequest, conversation: Conversation) -> str:
    """Reply to a request that only asks what a picture shows."""
    seen = scene(request)
    return seen.described(conversation.language) if seen else ""
