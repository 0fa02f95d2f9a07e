"""How the stand-in answers any request: with a choice, a JSON object, or a specialist's next step."""

from team.standin.completion import Reply
from team.standin.roles import routing, specialist
from team.standin.speaking import schemas
from team.standin.understanding import conversation
from team.standin.wire import ChatRequest


def answer(request: ChatRequest) -> Reply:
    """Answer from the request alone: equal requests get equal replies."""
    if request.structured_outputs and request.structured_outputs.choice:
        return routing.route(request, request.structured_outputs.choice)
    talk = conversation.read(request)
    if request.response_format and request.response_format.json_schema:
        return Reply(schemas.fulfil(request, talk))
    if talk.pictures and not request.tools:
        return Reply(schemas.described(request, talk))
    return specialist.reply(talk)
