"""Handing part of the customer's message to another specialist: the tool that models call for it, and its limits."""

from collections.abc import Collection, Mapping
from typing import Any

from autogen_core.tools import ParametersSchema, ToolSchema
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from team.roster import Specialist
from team.words.language import LANGUAGES, is_foreign

HAND_OVER = "hand_over"
MAX_HANDOFFS = 3
"""Per turn; each specialist speaks only once per turn, so nothing bounces back and forth."""

LONGEST_REQUEST = 1_000

HOW = "Pass on what you have no tool for, after your own part."
PROMPT = (
    f"- Do all that you have tools for; pass the rest of the message on with {HAND_OVER} as the last step.\n"
    "- A change waits for the customer's yes: answer only what else they asked, or say OK."
)
"""What every specialist's prompt says about it, after the file's own text."""

ALREADY_SPOKE = "{name} has answered in this turn already. Answer what you can; say honestly what you cannot."
NOBODY = "There is no other specialist {name!r}. Answer what you can yourself."
TOO_MANY = "Too many specialists have answered already. Answer what you can; say honestly what you cannot."
FOREIGN = "Not handed over. Write `answer_so_far` in {language}, and call this again."
NOTHING_LEFT = "Say in `remaining` what the customer still wants, in their own words."


class Handoff(BaseModel):
    """Who continues with which rest of the message; `answered` is what the previous specialist said about theirs."""

    model_config = ConfigDict(frozen=True)

    to: str = Field(alias="specialist")
    remaining: str = Field(max_length=LONGEST_REQUEST)
    answered: str = Field("", alias="answer_so_far")


class HandoffError(Exception):
    """This part cannot be handed over this way; the text is for the model."""


class NobodyLeftError(HandoffError):
    """Nobody else can answer this part in this turn."""


def hand_over_schema(colleagues: Mapping[str, Specialist]) -> ToolSchema:
    """Return the tool as a model sees it: each colleague's name, with a few words on what they do."""
    who = "; ".join(f"{one.name}: {one.brief}" for one in colleagues.values())
    properties = {
        "specialist": {"type": "string", "enum": list(colleagues), "description": who},
        "answer_so_far": {"type": "string", "description": "Your answer to your own part, if any"},
        "remaining": {"type": "string", "description": "The rest in the customer's words"},
    }
    required = ["specialist", "answer_so_far", "remaining"]
    parameters = ParametersSchema(type="object", properties=properties, required=required, additionalProperties=False)
    return ToolSchema(name=HAND_OVER, description=HOW, parameters=parameters)


def read_handoff(
    arguments: Mapping[str, Any], colleagues: Collection[str], spoke: Collection[str], language: str
) -> Handoff:
    """Parse the arguments a model wrote; `spoke` are the specialists who already had a part of this turn.

    Raises:
        NobodyLeftError: that specialist has already spoken, or too many have.
        HandoffError: there is no such specialist, nothing is left for them, or the answer so far is not in the
            customer's
            language.
    """
    try:
        handoff = Handoff.model_validate(arguments)
    except ValidationError as error:
        fields = ", ".join(str(one["loc"][0]) for one in error.errors())
        raise HandoffError(f"Not handed over. These arguments are missing or too long: {fields}.") from error
    if handoff.to in spoke:
        raise NobodyLeftError(ALREADY_SPOKE.format(name=handoff.to))
    if handoff.to not in colleagues:
        raise HandoffError(NOBODY.format(name=handoff.to))
    if len(spoke) > MAX_HANDOFFS:
        raise NobodyLeftError(TOO_MANY)
    if not handoff.remaining.strip():
        raise HandoffError(NOTHING_LEFT)
    if is_foreign(handoff.answered, language):
        raise HandoffError(FOREIGN.format(language=LANGUAGES[language]))
    return handoff
