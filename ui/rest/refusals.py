"""What a program is refused over REST, each with its HTTP status."""

from typing import Any, ClassVar

from storage.errors import ShopError


class RestError(ShopError):
    """A refusal that knows its own status."""

    status: ClassVar[int]


class ToolRefusedError(ShopError):
    """A tool refused the call; `kind` is the tool server's, and decides the status."""

    STATUS: ClassVar[dict[str, int]] = {
        "not_found": 404,
        "unknown": 404,
        "refused": 409,
        "invalid": 422,
        "limited": 429,
        "fault": 502,
        "unavailable": 503,
    }

    def __init__(self, told: str, kind: str, code: str, wait_s: int | None = None) -> None:
        self.kind, self.code, self.wait_s = kind, code, wait_s
        self.status = self.STATUS[kind]
        super().__init__(told)

    @property
    def may_pass(self) -> bool:
        """Whether the same call may succeed later."""
        return self.kind in {"limited", "fault", "unavailable"}

    @property
    def body(self) -> dict[str, Any]:
        """The refusal as JSON."""
        told: dict[str, Any] = {"error": str(self), "code": self.code}
        return told if self.wait_s is None else {**told, "wait_s": self.wait_s}


class UnknownToolError(RestError):
    """No tool server has this tool."""

    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such tool. GET /tools lists them.")


class NotAllowedError(RestError):
    """The tool exists, but not for this caller."""

    status = 403

    def __init__(self, tool: str, scope: str, *, staff_only: bool) -> None:
        needed = "a staff login or key" if staff_only else f"the scope {scope}"
        super().__init__(f"You may not call {tool}: it needs {needed}.")


class ToolServersAwayError(RestError):
    """The tool servers do not answer; nothing was changed."""

    status = 503

    def __init__(self) -> None:
        super().__init__("The shop's tools do not answer right now. Nothing was changed. Try again in a minute.")


class OutcomeUnknownError(RestError):
    """The connection broke in the middle of a call that changes something."""

    status = 502

    def __init__(self) -> None:
        super().__init__(
            "The shop's tools did not answer in time. It is not known whether the change was made: look first."
        )


class OtherCustomerError(RestError):
    """A customer's key or login named another customer."""

    status = 403

    def __init__(self) -> None:
        super().__init__("user_id is not the customer you are logged in as. Leave it out; only staff may name others.")


class UnknownFieldError(RestError):
    """A field or parameter that the route does not have, such as one misspelt."""

    status = 422

    def __init__(self, unknown: str, known: list[str]) -> None:
        there = f"There are {', '.join(known)}." if known else "This route takes none."
        super().__init__(f"There is no field {unknown!r} here. {there}")


class MissingFieldError(RestError):
    """A field that the route needs was left out."""

    status = 422

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is missing.")


class WrongTypeError(RestError):
    """A field has another JSON type than it needs."""

    status = 422

    def __init__(self, field: str, wanted: str) -> None:
        super().__init__(f"{field} must be {wanted}.")


class PersonNeededError(RestError):
    """A program sent a yes or a no, which only a person on the page can give."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Only the person themselves can answer, logged in on the shop's page. Open the link there.")


class BadKeyError(RestError):
    """The Idempotency-Key cannot be one."""

    status = 400

    def __init__(self, longest: int) -> None:
        super().__init__(f"Idempotency-Key must have 1 to {longest} printable characters.")


class KeyReusedError(RestError):
    """The Idempotency-Key was used for another request."""

    status = 422

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request. Use a new key for a new request.")


class StillAnsweringError(RestError):
    """The first request with this Idempotency-Key is not answered yet, or its answer was lost."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key is not answered yet, or ended without an answer. "
            "Wait a minute, then look whether it was done."
        )


class StillRunningError(RestError):
    """The desk goes on with the turn elsewhere."""

    status = 503

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"The answer is not there yet. Read it later: GET /conversations/{conversation_id}/messages.")
