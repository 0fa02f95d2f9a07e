"""Personal details in a visitor's message: read by code, and masked before anything is stored or a model reads it."""

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

EMAIL = re.compile(
    r"(?:(?<![\w.%+'-])|(?<=[가-힣ㄱ-ㆎ]))(?:[^\W가-힣ㄱ-ㆎ]|[.%+'-])++@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+"
)
LABEL = re.compile(r"(?:zip(?:\s*code)?|post(?:al)?\s*code|우편\s*번호)[^A-Za-z0-9]{0,4}(?:is\s)?", re.IGNORECASE)
BESIDE = re.compile(r"(?:입니다|이고|이에요|예요|하고)?[\s,;/|·&]*(?:(?:and|그리고|와|과)\s+)?", re.IGNORECASE)
"""What may stand between an email and the postcode given with it."""
ORDER = re.compile(
    r"#[\w-]+|(?:orders?|주문)(?:\s*(?:number|no\.?|id|번호))?(?:는|은|\s+is|:)?\s*[\w-]{0,30}\d[\w-]*", re.IGNORECASE
)
SHAPES = (
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",  # United Kingdom
    r"[A-Z]\d[A-Z][ -]?\d[A-Z]\d",  # Canada
    r"[A-Z]\d[\dW] ?(?=\d{0,3}[A-Z])[A-Z\d]{4}",  # Ireland
    r"(?-i:\d{4} ?[A-Z]{2})",  # Netherlands: in lower case it could be a word
    r"(?-i:[A-Z]{2}-?\d{3,5})",
    r"\d{2}-\d{3}",
    r"\d{3,8}(?:[ -]\d{2,4})?",  # most others, Korea among them
)
POSTCODE = re.compile(rf"(?<![A-Za-z0-9#-])(?:{'|'.join(SHAPES)})(?![A-Za-z0-9-])", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z가-힣]+")
EMAIL_MARK, POSTCODE_MARK = "[email]", "[postcode]"
SHOWN_EMAIL, SHOWN_POSTCODE = re.compile(r"\S•••@[A-Za-z0-9.-]+"), "•••••"
NARROW = {ord("！") + place: ord("!") + place for place in range(ord("~") - ord("!") + 1)} | {ord("\u3000"): " "}
"""Korean and Japanese keyboards can write `＃Ｗ１０４２`, in which models and patterns see no number."""

MOST_WORDS = 6
"""With more words than this around it, a bare number is about something else."""


@dataclass(frozen=True)
class Particulars:
    """A message's email and postcode, and the message without them.

    `shown` has them masked, for the page; `told` has placeholders, for the team; `words` is the rest.
    """

    shown: str
    told: str
    words: str
    email: str | None = None
    postcode: str | None = None

    @property
    def hidden(self) -> bool:
        """Whether any of the message had to be masked."""
        return self.email is not None or self.postcode is not None


def read_particulars(text: str, *, asked: bool) -> Particulars:
    """Read an email and a postcode. Unless we `asked`, only a postcode given together with an email counts."""
    text = unicodedata.normalize("NFKC", text)
    emails = list(EMAIL.finditer(text))
    postcode = _postcode(text, emails, asked=asked) if asked or emails else None
    found = [(*email.span(), _masked(email[0]), EMAIL_MARK) for email in emails]
    if postcode is not None:
        found.append((*postcode.span(), SHOWN_POSTCODE, POSTCODE_MARK))
    return Particulars(
        shown=_replaced(text, [(start, end, mask) for start, end, mask, _ in found]),
        told=_replaced(text, [(start, end, mark) for start, end, _, mark in found]),
        words=_replaced(text, [(start, end, " ") for start, end, _, _ in found]),
        email=emails[0][0].lower() if emails else None,
        postcode=None if postcode is None else postcode[0],
    )


def as_written(text: str) -> Particulars:
    """Return a message unsearched, because its sender is logged in; full-width letters are told as the usual ones."""
    return Particulars(text, text.translate(NARROW), text)


def _postcode(text: str, emails: list[re.Match[str]], *, asked: bool) -> re.Match[str] | None:
    # Blank out emails and order numbers, so that all positions stay the same.
    rest = _blanked(text, [email.span() for email in emails])
    for label in LABEL.finditer(rest):
        if (found := POSTCODE.match(rest, label.end())) is not None:
            return found
    rest = _blanked(rest, [order.span() for order in ORDER.finditer(rest)])
    numbers = list(POSTCODE.finditer(rest))
    beside = [one for one in numbers if any(_are_beside(one, email, text) for email in emails)]
    if beside or not asked:
        return beside[0] if beside else None
    short = emails or len(WORD.findall(rest)) <= MOST_WORDS
    return numbers[0] if numbers and short else None


def _are_beside(postcode: re.Match[str], email: re.Match[str], text: str) -> bool:
    first, second = sorted((postcode.span(), email.span()))
    return BESIDE.fullmatch(text[first[1] : second[0]]) is not None


def with_marks(shown: str) -> str:
    """Return a stored message as the team was told it."""
    return SHOWN_EMAIL.sub(EMAIL_MARK, shown).replace(SHOWN_POSTCODE, POSTCODE_MARK)


def _masked(email: str) -> str:
    return f"{email[0]}•••@{email.rpartition('@')[2]}"


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    return _replaced(text, [(start, end, " " * (end - start)) for start, end in spans])


def _replaced(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, instead in sorted(changes, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def without_particulars(result: str, customer_id: str) -> str:
    """Return a tool's result without the customer's id, and with emails masked."""
    try:
        data = json.loads(result)
    except ValueError:
        # A plain sentence: it names only what the call named.
        return result
    return json.dumps(_without(data, customer_id), ensure_ascii=False, separators=(",", ":"))


def _without(data: Any, customer_id: str) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(data, dict):
        kept = {name: value for name, value in data.items() if name != "customer_id"}
        return {name: _without(value, customer_id) for name, value in kept.items()}
    if isinstance(data, list):
        return [_without(one, customer_id) for one in data]
    if data == customer_id:
        return "customer"
    return EMAIL.sub(lambda email: _masked(email[0]), data) if isinstance(data, str) else data
