"""What can keep a turn from its answer: each trouble is also the name of what the desk says of it."""

from enum import StrEnum


class Trouble(StrEnum):
    """Why the team gave no answer, or not a whole one."""

    STOPPED = "stopped"
    TOO_SLOW = "too_slow"
    FAILED = "failed"
    LOOPED = "looped"
    MODEL_DOWN = "model_down"
    TOOLS_DOWN = "tools_down"
    WRONG_LANGUAGE = "wrong_language"
    CUT_OFF = "cut_off"
    LOG_IN = "log_in"
    TOO_LONG = "too_long"
    EMPTY = "empty"

    @property
    def is_failure(self) -> bool:
        """Whether the desk is to blame: the customer is told so, and a person may have to look at it."""
        return self in FAILURES


FAILURES = frozenset(
    {
        Trouble.TOO_SLOW,
        Trouble.FAILED,
        Trouble.LOOPED,
        Trouble.MODEL_DOWN,
        Trouble.TOOLS_DOWN,
        Trouble.WRONG_LANGUAGE,
        Trouble.CUT_OFF,
    }
)
