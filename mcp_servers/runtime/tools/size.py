"""The size limit of a result, and how larger results are shortened.

A digit counts as a token, three other ASCII characters as one, two bytes of any other script as one (a Korean syllable
as one and a half). That is more than the tokenizers of Qwen, OpenAI and Llama 3 count, and takes one pass.
"""

import json
from dataclasses import dataclass
from typing import Any

from mcp_servers.runtime.untrusted import CLOSE

RESULT_TOKENS = 4_000
LEFT_OUT = "left_out"
LONGEST_STRINGS = (4_000, 2_000, 1_000, 500, 200, 100, 60)
LONGEST_LISTS = (200, 100, 50, 20, 10, 5, 2, 1)


class TooLargeError(RuntimeError):
    """A result is too large even with every list and text cut: the tool has to page it."""

    def __init__(self) -> None:
        super().__init__(f"a result is larger than {RESULT_TOKENS} tokens whatever is left out of it")


def tokens(text: str) -> int:
    """Estimate from above how many tokens a model reads."""
    ascii_count = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    digits = sum(map(text.count, "0123456789"))
    others = len(text.encode()) - ascii_count
    return digits + (ascii_count - digits + 2) // 3 + (others + 1) // 2


def written(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return a result's JSON as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def fitted(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result within the size limit: unchanged, or with long texts cut, then long lists.

    A cut text says how many more characters there are; `left_out` counts what is missing from lists.

    Raises:
        TooLargeError: that is not enough.
    """
    if tokens(written(result)) <= RESULT_TOKENS:
        return result
    for longest in LONGEST_STRINGS:
        cut = _short_texts(result, longest)
        if tokens(written(cut)) <= RESULT_TOKENS:
            return dict(cut)
    for objects_too in (False, True):
        for most in LONGEST_LISTS:
            missing: dict[str, int] = {}
            shorter = _Shortening(most, objects_too, missing).of(cut, "") | {LEFT_OUT: missing}
            if tokens(written(shorter)) <= RESULT_TOKENS:
                return dict(shorter)
    raise TooLargeError


def fitted_text(text: str) -> str:
    """Return a text within the size limit of a result: unchanged, or cut, saying how many characters are missing."""
    shown, longest = text, len(text)
    while tokens(shown) > RESULT_TOKENS:
        longest = longest * 9 // 10
        shown = _cut(text, longest)
    return shown


def _short_texts(value: Any, longest: int) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return _cut(value, longest)
    if isinstance(value, list):
        return [_short_texts(item, longest) for item in value]
    if isinstance(value, dict):
        return {name: _short_texts(item, longest) for name, item in value.items()}
    return value


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest:,} more characters){CLOSE if text.endswith(CLOSE) else ''}"


@dataclass(frozen=True)
class _Shortening:
    """Cuts lists of plain values first, since a page must contain all its objects; counts what it leaves out."""

    most: int
    objects_too: bool
    missing: dict[str, int]

    def of(self, value: Any, name: str) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            return {key: self.of(item, key) for key, item in value.items()}
        if not isinstance(value, list):
            return value
        kept = value
        if len(value) > self.most and (self.objects_too or not isinstance(value[0], dict)):
            kept = value[: self.most]
            self.missing[name] = self.missing.get(name, 0) + len(value) - self.most
        return [self.of(item, name) for item in kept]
