"""What a search asks for, in customers' own words and both languages."""

import pytest

from mcp_servers.products.asked import read_asked

WON, CENTS = "KRW", "USD"


@pytest.mark.parametrize(
    ("query", "currency", "least", "most"),
    [
        ("headphones under $50", CENTS, None, 4_999),
        ("a lamp for $50 or less", CENTS, None, 5_000),
        ("mugs between 20 and 40 dollars", CENTS, 2_000, 4_000),
        ("around $100", CENTS, 8_000, 12_000),
        ("at least 1,250.50 dollars", CENTS, 125_050, None),
        ("iphone 15 case under 30", CENTS, None, 2_999),
        ("under 50,000 won", WON, None, 49_999),
        ("5만 원 이하 이어폰", WON, None, 50_000),
        ("100만원", WON, None, 1_000_000),
        ("3만5천원 미만", WON, None, 34_999),
        ("십오만원 이내", WON, None, 150_000),
        ("3만원대 가방", WON, 30_000, 39_999),
        ("5~10만원 선물", WON, 50_000, 100_000),
        ("20,000원에서 30,000원 사이", WON, 20_000, 30_000),
        ("100만 원 이하 노트북", WON, None, 1_000_000),
        ("5만 원 이하", WON, None, 50_000),
        ("100만 5천원 이하", WON, None, 1_005_000),
        ("under 12.5", "KWD", None, 12_499),
        ("1.250 kwd", "KWD", None, 1_250),
        ("a bike up to 1.234,50 €", "EUR", None, 123_450),
        ("max 1 234,50 €", "EUR", None, 123_450),
        ("bike 1.234 €", "EUR", None, 123_400),
        ("12,50 euro", "EUR", None, 1_250),
        ("CHF 12.–", "CHF", None, 1_200),
        ("1'234.50 CHF or less", "CHF", None, 123_450),
        ("50,- euro", "EUR", None, 5_000),
        ("₹1,00,000 or less", "INR", None, 10_000_000),
        ("a lamp for $50 or less", "CAD", None, 5_000),
        ("499 kr", "NOK", None, 49_900),
        ("between 20,50 and 40 euro", "EUR", 2_050, 4_000),
        ("27 inch monitor", CENTS, None, None),
        ("tent at least 4 kg", CENTS, None, None),
        ("노트북 16인치 이상", WON, None, None),
    ],
)
def test_an_amount_is_read_as_customers_say_it(query: str, currency: str, least: int | None, most: int | None) -> None:
    bounds = read_asked(query, currency).bounds

    assert (bounds.least, bounds.most, bounds.foreign) == (least, most, None)


def test_an_amount_in_another_currency_is_told_and_not_compared() -> None:
    asked = read_asked("gifts under 50,000 won", CENTS)

    assert (asked.bounds.most, asked.bounds.foreign, asked.words) == (None, "under 50,000 won", "gifts")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Do you have a good mouse, please?", "mouse"),
        ("이어폰 추천해 주세요", "이어폰"),
        ("5만 원 이하 평점 좋은 이어폰 있나요?", "이어폰"),
        ("case for my phone", "case for phone"),
        ("best rated kettle under $40", "kettle"),
    ],
)
def test_only_what_to_look_for_is_left(query: str, words: str) -> None:
    assert read_asked(query, CENTS if "$" in query else WON).words == words


@pytest.mark.parametrize(
    ("query", "well_reviewed", "order", "beside"),
    [
        ("well reviewed lamps", True, "best match", None),
        ("후기 좋은 램프", True, "best match", None),
        ("인기 있는 선물", True, "best match", None),
        ("the cheapest lamp", False, "price, lowest first", None),
        ("가장 비싼 램프", False, "price, highest first", None),
        ("something that goes well with the desk lamp", False, "best match", "the desk lamp"),
        ("책상 스탠드와 잘 어울리는 상품", False, "best match", "책상 스탠드"),
    ],
)
def test_reviews_an_order_and_what_goes_with_something_are_understood(
    query: str, well_reviewed: bool, order: str, beside: str | None
) -> None:
    asked = read_asked(query, WON)

    assert (asked.well_reviewed, asked.order, asked.beside) == (well_reviewed, order, beside)


@pytest.mark.parametrize(
    ("query", "things"),
    [
        ("compare the headphones and the earbuds", ["headphones", "earbuds"]),
        ("headphones vs earbuds, which is better?", ["headphones", "earbuds"]),
        ("헤드폰이랑 이어폰 비교해 주세요", ["헤드폰", "이어폰"]),
        ("headphones and earbuds", []),
    ],
)
def test_a_comparison_names_both_sides(query: str, things: list[str]) -> None:
    assert list(read_asked(query, WON).compared) == things
