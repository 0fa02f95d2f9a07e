"""A figure is read by what it says, in either language and however it is written."""

import pytest

from team.grounding.figures import figures_in


def said(text: str) -> list[tuple[str, str]]:
    """Kind and first meaning of each figure."""
    return sorted((one.kind, one.values[0]) for one in figures_in(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$24", "24.00 USD"),
        ("$1,299.90", "1299.9 dollars"),
        ("US$24.50", "USD 24.5"),
        ("24달러", "24 dollars"),
        ("within the hour", "within one hour"),
        ("within a week", "7일 이내"),
        ("이십사 달러", "24달러"),
        ("오만오천 원", "55,000원"),
        ("십오만 원", "15만 원"),
        ("이십 퍼센트", "20%"),
        ("이 년", "2 years"),
        ("두 해입니다", "2년입니다"),
        ("12,000원", "₩12,000"),
        ("1.234,50 €", "€1,234.50"),
        ("€ 4,90", "4.90 EUR"),
        ("1 234,50 EUR", "EUR 1234.5"),
        ("CHF 1'234.50", "1234.50 CHF"),
        ("CHF 12.–", "12.00 CHF"),
        ("12,- €", "€12"),
        ("1.500 €", "€1,500.00"),
        ("1.500 KWD", "KWD 1.5"),
        ("₹1,00,000", "100000 INR"),
        ("1.234,50 – 2.000,00 €", "€1,234.50 to €2,000"),
        ("12000 KRW", "1만 2천원"),
        ("3만원", "30,000원"),
        ("$20 to $30", "20–30 USD"),
        ("2026-11-03", "November 3, 2026"),
        ("2026-11-03", "2026년 11월 3일"),
        ("2026-11-03", "2026. 11. 3."),
        ("2026-11-03", "2026.11.03까지"),
        ("2026-11-03", "3 Nov 2026"),
        ("Nov. 3rd", "11월 3일"),
        ("3 November", "November 3"),
        ("30 days", "30일"),
        ("30-day", "thirty days"),
        ("five to seven business days", "영업일 기준 5일에서 7일"),
        ("5-7 days", "5~7일"),
        ("two weeks", "14 days"),
        ("24 hours", "하루"),
        ("1시간", "60 minutes"),
        ("두 달", "2 months"),
        ("1년", "12 months"),
        ("10%", "10퍼센트"),
        ("ten percent", "10 %"),
        ("9:00 to 18:00", "오전 9시부터 오후 6시까지"),
        ("6 p.m.", "18:00"),
        ("Tuesday", "화요일"),
        ("tomorrow", "내일"),
        ("order #W1042", "주문 W1042는"),
        ("6601 3265 0850", "660132650850"),
        ("ticket T-2001", "문의 T2001"),
    ],
)
def test_two_ways_to_write_a_figure_say_the_same(one: str, other: str) -> None:
    assert said(one)
    assert said(one) == said(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("24 USD", "24 EUR"),
        ("24 USD", "24,000 USD"),
        ("5 days", "5 hours"),
        ("30 days", "30 minutes"),
        ("November 3", "November 30"),
        ("#W1042", "#W10421"),
        ("10%", "10 USD"),
        ("1.234,50 €", "1,234.50 KRW"),
        ("1.500 €", "1.50 €"),
        ("€1.234,50", "€1.234,05"),
        ("$5, 10 pieces", "$5.10 pieces"),
    ],
)
def test_two_figures_that_look_alike_are_two(one: str, other: str) -> None:
    assert said(one) != said(other)


@pytest.mark.parametrize(
    "text",
    [
        "How can I help you today?",
        "You may return it.",
        "One of our colleagues will answer.",
        "1. Open the parcel\n2. Take a photo",
        "좋은 하루 되세요!",
        "한 분이 도와드립니다.",
        "이 원피스는 면입니다.",
        "이 년도의 행사",
        "See app.py, Node.js or the U.S. shop.Then go on.",
    ],
)
def test_what_is_no_figure_is_none(text: str) -> None:
    assert figures_in(text) == []


def test_a_particle_behind_a_figure_is_no_part_of_it() -> None:
    assert said("Rain Jacket, 45.00 USD부터 24 hours까지") == [("duration", "86400 s"), ("money", "45 USD")]
