"""Korean printed in lines: a word that a line's end breaks is whole again, and words stay apart."""

import pytest

from knowledge.reading.printed.paragraphs import as_text
from knowledge.reading.printed.rows import Row
from knowledge.reading.printed.runs import Run

SIZE = 10.0
TEXT = (
    "주문하신 악기는 출고 전에 조율사가 한 대씩 직접 조율한 뒤 전용 하드케이스에 담아 보내 드립니다. 현이나 리드처럼 "
    "포장을 뜯으면 다시 판매하기 어려운 소모품은 반품할 수 없으니 주문하기 전에 규격을 한 번 더 확인해 주세요. "
    "배송 중에 몸통이 갈라지거나 칠이 벗겨진 경우에는 받으신 날부터 5일 이내에 사진을 보내 주시면 왕복 운임을 저희가 "
    "부담하고 새 악기로 바꾸어 드리며, 연주하면서 생긴 흠집은 유상으로 수리해 드립니다."
)


def printed(lines: list[str]) -> list[Row]:
    """Return lines as they stand on a page, below each other; a syllable is as wide as high, all else half of it."""
    rows = list[Row]()
    for number, line in enumerate(lines):
        wide = sum(SIZE if letter >= "가" else SIZE / 2 for letter in line)
        rows.append(Row([Run(line, (40, 700 - 14 * number, 40 + wide, 710 - 14 * number), SIZE)]))
    return rows


def anywhere(width: int) -> list[str]:
    """Return the text in lines that are full, whatever that does to its words, as browsers print it."""
    lines, line, wide = list[str](), "", 0
    for letter in TEXT:
        wide += 2 if letter >= "가" else 1
        if wide > width and letter not in " .,":
            lines.append(line.strip())
            line, wide = "", 2 if letter >= "가" else 1
        line += letter
    return [*lines, line.strip()]


def at_spaces(width: int) -> list[str]:
    lines = [""]
    for word in TEXT.split():
        fits = sum(2 if letter >= "가" else 1 for letter in f"{lines[-1]} {word}") <= width
        lines[-1:] = [f"{lines[-1]} {word}".strip()] if fits or not lines[-1] else [lines[-1], word]
    return lines


def test_korean_words_that_line_ends_break_are_whole() -> None:
    words = set(TEXT.split())
    broken, left = 0, 0
    for width in range(40, 80, 2):
        lines = anywhere(width)
        broken += sum(word not in words for word in " ".join(lines).split())
        left += sum(word not in words for word in as_text(printed(lines)).split())

    assert broken > 100
    assert left < broken / 6


@pytest.mark.parametrize("width", [44, 58, 70, 82])
def test_korean_words_stay_apart_where_lines_end_between_them(width: int) -> None:
    assert as_text(printed(at_spaces(width))) == TEXT


def test_a_line_that_had_room_for_another_syllable_ends_with_a_word() -> None:
    full, syllables = anywhere(58), "하드케이스에"

    def ending(line: str) -> str:
        return as_text(
            printed([*full[:-1], line, f"{syllables[-1]} 담아 보내 주시고 상자가 없으면 매장에 맡겨 주세요"])
        )

    assert "하드케이스에 담아" in ending(f"고장 난 것은 저희가 보내 드린 상자나 전용 {syllables[:-1]}")
    assert "하드케이스 에 담아" in ending(f"고장 난 것은 전용 {syllables[:-1]}")
