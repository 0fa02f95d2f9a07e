"""Numbers as customers and shops write them: digits, English words, and Korean words for counting days and months."""

import re
from decimal import Decimal

from storage.shop.money import AMOUNT, amount_said, digits_of

FLAGS = re.ASCII | re.IGNORECASE
"""ASCII, so that a Korean particle directly after a figure does not count as a letter of it."""

ONES = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

WORDS = {word: at for at, word in enumerate(ONES)} | {word: 10 * at for at, word in enumerate(TENS, start=2)}
KOREAN = {
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    "석": 3,
    "서": 3,
    "넉": 4,
    "너": 4,
    "대여섯": 6,
    "열한": 11,
    "열두": 12,
    "열세": 13,
    "열네": 14,
    "열다섯": 15,
    "스무": 20,
    "스물": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}

SINO = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}
PLACES = {"십": 10, "백": 100, "천": 1_000}
TEN_THOUSAND = "만"
SYLLABLES = "".join((*SINO, *PLACES, TEN_THOUSAND))
IN_SINO = (
    rf"(?<![가-힣])(?:[{''.join(SINO)}]{{0,2}}[{''.join(PLACES)}{TEN_THOUSAND}][{SYLLABLES}]{{0,9}}"
    r"(?=\s*원(?!피스|룸|[가-힣]*요일))"
    rf"|[{SYLLABLES}]{{1,9}}(?=\s*(?:퍼센트|프로(?![가-힣])|달러|유로|년(?!도)|개월|주일)))"
)
"""A number of Korean's second row, before what is counted with it."""

DIGITS = r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,6}+(?!\d)|\d++)(?:\.\d++)?"
LONGEST_FIRST = "|".join(sorted(ONES, key=len, reverse=True))
KOREAN_WORDS = "|".join(sorted(KOREAN, key=len, reverse=True))
IN_WORDS = rf"(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(ONES[1:10])}))?|(?:{LONGEST_FIRST})"
NUMBER = rf"(?:{DIGITS}|\b(?:{IN_WORDS})\b|(?<![가-힣])(?:{KOREAN_WORDS})(?=\s*(?:시간|주|달|해|날|개월))|{IN_SINO})"
SUM = rf"(?:(?<![\d.,]){AMOUNT}(?![\d']|[.,]\d)|{NUMBER})"
"""The number of an amount of money, in any country's way."""
BETWEEN = r"\s*(?:-|–|—|~|〜|to|and|or|에서|내지|또는)\s*"


def value(written: str) -> Decimal:
    """Return the value of a number matched by `NUMBER`."""
    plain = written.strip().lower().replace(",", "")
    if plain[:1].isdigit():
        return Decimal(plain)
    if set(plain) <= {*SINO, *PLACES, TEN_THOUSAND}:
        return Decimal(_sino(plain))
    return Decimal(sum(WORDS.get(word, KOREAN.get(word, 0)) for word in re.split(r"[ -]", plain)))


def _sino(written: str) -> int:
    """Return the value of a number such as 이십 or 오만 오천, written together."""
    above, part, one = 0, 0, 0
    for syllable in written:
        if syllable == TEN_THOUSAND:
            above, part, one = ((part + one) or 1) * 10_000, 0, 0
        elif syllable in PLACES:
            part, one = part + (one or 1) * PLACES[syllable], 0
        else:
            one = SINO[syllable]
    return above + part + one


def sum_of(written: str, currency: str) -> Decimal:
    """Return the value of a number matched by `SUM`, in a currency: 1.234,50 and 12.– are amounts in most of them."""
    told = written.strip()
    return amount_said(told, digits_of(currency)) if re.fullmatch(AMOUNT, told, FLAGS) else value(told)


def plain(number: Decimal) -> str:
    """Return a number in canonical form, such as 24 for 24.00."""
    return format(number.normalize(), "f")
