"""What a person's answer can be, before anything is written, and why one did not count."""

from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, Field, create_model

from mcp_servers.runtime.words import WORDS
from storage.errors import ShopError
from storage.shop.audit import Audit


class NotConfirmedError(ShopError):
    """The customer said no, or closed the question."""

    def __init__(self) -> None:
        super().__init__("The customer did not confirm; nothing was changed. Do not repeat the call unless they ask.")


class DeclinedError(ShopError):
    """The person said no on the page."""

    def __init__(self) -> None:
        super().__init__("The person said no; nothing was changed. Do not ask again unless they want it.")


class NotPossibleError(ShopError):
    """The person said yes, and it turned out by then that it could not be done; the text says why."""


class FactsChangedError(ShopError):
    """Between the question and the write, what the question said ceased to be true."""

    def __init__(self) -> None:
        super().__init__("The facts changed after the question was asked; nothing was changed. Call the tool again.")


class UnclearAnswerError(ShopError):
    """The client says that its customer accepted, but without the requested yes or no."""

    def __init__(self) -> None:
        super().__init__(
            "The answer came without a yes (confirm: true), which counts as a no; nothing was changed. "
            "Call the tool again to ask the customer once more."
        )


class Yes(BaseModel):
    """What the customer's client sends back. A word or a number does not count as a yes: it could mean anything."""

    confirm: bool = Field(strict=True)


@cache
def yes_in(language: str) -> type[Yes]:
    """Return the form of a yes, labelled in a language."""
    label = Field(strict=True, description=WORDS.say("confirm", language))
    return create_model("Yes", __base__=Yes, __doc__=Yes.__doc__, confirm=(bool, label))


@dataclass(frozen=True)
class Unclear:
    """The client accepted without saying yes or no."""


@dataclass(frozen=True)
class Answered:
    """The question was answered before: a confirmed write is done only once."""

    row: Audit


@dataclass(frozen=True)
class Settled:
    """The question behind a link has its answer, and no plan is needed to tell or to record it."""

    change_id: str


@dataclass(frozen=True)
class ByLink:
    """The person answers on the page: the question stands there, or its yes can be carried out."""


@dataclass(frozen=True)
class Proposal:
    """For a client whose approval is the yes: the question, and the token to send back."""

    sentence: str
    token: str


@dataclass(frozen=True)
class Confirmed:
    """The client sent back its token; this is the token's id."""

    confirmation: str
