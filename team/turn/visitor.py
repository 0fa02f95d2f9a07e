"""A visitor: somebody who has not logged in, and what they have told us about who they are."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from team.words.particulars import Particulars, as_written

SCOPES = frozenset({"products:read", "policies:read"})
"""What the shop shows to anybody."""

OPEN = frozenset(scope.partition(":")[0] for scope in SCOPES)
PICTURES = "vision"


class Pending(BaseModel):
    """The request that waits for its visitor to be identified, and what they have told us so far."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    image_ids: tuple[str, ...] = ()
    specialist: str = ""
    email: str | None = None
    postcode: str | None = None
    tries: int = 0
    handed_over: bool = False

    @property
    def asks(self) -> bool:
        """Whether the visitor was asked who they are."""
        return bool(self.specialist) and not self.handed_over


@dataclass(frozen=True)
class Visitor:
    """The visitor behind a turn while no customer is identified: what waits, and what this message tells us."""

    pending: Pending
    address: str | None = None
    given: Particulars = field(default_factory=lambda: as_written(""))

    @property
    def answers(self) -> bool:
        """Whether this message contains what we asked for."""
        return self.pending.asks and self.given.hidden

    def known(self) -> Pending:
        """Return what we know including this message."""
        told = {"email": self.given.email, "postcode": self.given.postcode}
        return self.pending.model_copy(update={name: value for name, value in told.items() if value is not None})


def needs_customer(tools: tuple[str, ...]) -> bool:
    """Whether a specialist with these tools can do nothing for an unknown visitor; picture tools alone do not count."""
    return not {tool.partition(".")[0] for tool in tools} <= {*OPEN, PICTURES}
