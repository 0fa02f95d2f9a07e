"""The shop's delivery rules: business days by country, without weekends and the shop's holidays."""

from datetime import UTC, date, datetime

import pytest

from storage.delivery import read_rules
from storage.settings import Settings, SettingsError, load_settings

FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("country", "holidays", "ordered", "shipped"),
    [
        ("USA", "", date(2026, 3, 17), date(2026, 3, 13)),
        (" usa ", "", date(2026, 3, 17), date(2026, 3, 13)),
        ("Germany", "", date(2026, 3, 30), date(2026, 3, 26)),
        ("USA", "2026-03-09, 2026-03-10", date(2026, 3, 19), date(2026, 3, 17)),
    ],
)
def test_business_days_are_counted_by_country_without_weekends_and_holidays(
    country: str, holidays: str, ordered: date, shipped: date
) -> None:
    rules = read_rules("USA=2+5, *=2+14", holidays)

    assert (rules.after_order(FRIDAY, country), rules.after_shipping(FRIDAY, country)) == (ordered, shipped)


@pytest.mark.parametrize("days", ["none", "대한민국=1+2"])
def test_a_shop_that_promises_nothing_to_a_country_names_no_day(days: str) -> None:
    rules = read_rules(days)

    assert (rules.after_order(FRIDAY, "USA"), rules.after_shipping(FRIDAY, "USA")) == (None, None)


def test_the_shops_date_is_that_of_its_time_zone() -> None:
    late = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)

    assert read_rules("none").day_of(late) == date(2026, 3, 2)
    assert read_rules("none", time_zone="Asia/Seoul").day_of(late) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DELIVERY_DAYS", "five days", r"'five days' is not a country with its business days, such as usa=2\+5 or"),
        ("DELIVERY_DAYS", "USA=2+5,", r"'' is not a country with its business days"),
        ("DELIVERY_DAYS", "USA=2+400", r"'usa=2\+400' is not a country with its business days"),
        ("DELIVERY_DAYS", "USA=2+5, usa=1+1", r"usa is there twice"),
        ("SHOP_HOLIDAYS", "Christmas", r"it is not a list of dates, such as 2026-12-25, 2027-01-01"),
        ("SHOP_TIMEZONE", "Seoul", r"there is no time zone 'seoul'; one is asia/seoul"),
        ("SHOP_TIMEZONE", "../etc/passwd", r"there is no time zone '\.\./etc/passwd'"),
    ],
)
def test_a_rule_that_cannot_be_read_is_named_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=rf"^The setting {name} is not valid: {said}"):
        load_settings()
