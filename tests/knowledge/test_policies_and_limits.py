"""The built-in policies name the periods, limits and choices that the code keeps."""

import re
from collections.abc import Mapping

import pytest

from mcp_servers.orders.plans import Refund
from mcp_servers.runtime.tools.confirming import confirm_token
from storage.delivery import ELSEWHERE, Days, days_in
from storage.people.oauth_grants import REFRESH_FOR
from storage.pictures.pictures import FORMATS, MAX_BYTES, MAX_PIXELS
from storage.settings import Settings
from storage.shop.customers import PaymentKind
from storage.shop.orders import CancelReason, OrderStatus
from storage.words.languages import LANGUAGES as SPOKEN
from team.desk import identity
from team.turn import confirmations
from tests.knowledge.rule_acts import CARD, GIFT, PAYPAL
from tests.knowledge.told import LANGUAGES, numbers, section, statuses, told
from ui import parts
from ui.conversations import MAX_IMAGES
from ui.logins import login
from ui.oauth import tokens as oauth_tokens

DAYS = {"en": r"(\d+) to (\d+) business days", "ko": r"(\d+)~(\d+)영업일"}
AT_ONCE = {"en": "gift card[^.]* at once", "ko": "기프트 카드[^.]* 바로"}
SENTENCE_DAYS = {"en": DAYS["en"], "ko": r"영업일 기준 (\d+)~(\d+)일"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["refunds/1", "cancellations/4", "order-changes/5", "returns/6"])
def test_how_long_a_refund_takes_is_what_a_customer_is_asked_to_confirm(language: str, place: str) -> None:
    for slow in (CARD, PAYPAL):
        asked = re.search(SENTENCE_DAYS[language], Refund(slow, 100, "USD").words(language))
        assert asked
        assert tuple(map(int, asked.groups())) == numbers(language, place, DAYS[language])
    told(language, place, AT_ONCE[language])
    assert {"en": "immediately", "ko": "즉시"}[language] in Refund(GIFT, 100, "USD").words(language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("place", "pattern", "kept"),
    [
        ("photos/1", {"en": r"up to (\d+) photos with one message", "ko": r"메시지 하나에 (\d+)장까지"}, (MAX_IMAGES,)),
        (
            "photos/2",
            {"en": r"at most (\d+) MB each and (\d+) megapixels", "ko": r"한 장에 (\d+)MB, (\d+)메가픽셀까지"},
            (MAX_BYTES / 1_000_000, MAX_PIXELS / 1_000_000),
        ),
        ("chat-identity/2", {"en": r"You have (\d+) tries", "ko": r"^(\d+)번까지"}, (identity.TRIES,)),
        (
            "assistant/3",
            {"en": r"expires after (\d+) minutes", "ko": r"^(\d+)분이 지나면"},
            (confirmations.EXPIRES.total_seconds() / 60,),
        ),
        ("assistant/3", {"en": r"(\d+) minutes", "ko": r"(\d+)분"}, (confirm_token.EXPIRES_S / 60,)),
        ("account-security/4", {"en": r"lasts (\d+) hours", "ko": r"(\d+)시간 동안"}, (login.HOURS,)),
        (
            "account-security/6",
            {"en": r"After (\d+) wrong .* up to (\d+) minutes", "ko": r"(\d+)번 틀리면 .*?(\d+)분"},
            (parts.FREE_TRIES, parts.LONGEST_WAIT_S / 60),
        ),
        (
            "account-security/7",
            {"en": r"within (\d+) minutes.* for (\d+) days", "ko": r"(\d+)분 안에 .*?(\d+)일"},
            (oauth_tokens.ACCESS_S / 60, REFRESH_FOR.days),
        ),
    ],
)
def test_the_limits_of_the_handbook_are_those_that_are_kept(
    language: str, place: str, pattern: Mapping[str, str], kept: tuple[float, ...]
) -> None:
    assert numbers(language, place, pattern[language]) == kept


PROMISE = {
    "en": r"(\d+) to (\d+) business days\. .*another (\d+) to (\d+) business days .*, and (\d+) to (\d+) business",
    "ko": r"영업일 기준 (\d+)~(\d+)일 .*국내 (\d+)~(\d+)영업일, 해외 (\d+)~(\d+)영업일",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_an_order_is_expected_is_by_the_delivery_times_of_the_handbook(language: str) -> None:
    _, packing, _, at_home, _, abroad = numbers(language, "delivery-times/1", PROMISE[language])
    days = days_in(Settings.model_fields["delivery_days"].default)

    assert {days["usa"], days["대한민국"]} == {Days(packing, at_home)}
    assert days[ELSEWHERE] == Days(packing, abroad)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handbook_names_the_picture_formats_that_are_taken(language: str) -> None:
    listed = told(language, "photos/2", r"^((?:[A-Z]+(?:, | and |))+)")[0]

    assert set(listed.replace(" and ", ", ").rstrip(" ,").split(", ")) == set(FORMATS)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (
            "cancellations/2",
            {
                CancelReason.NO_LONGER_NEEDED: ("you no longer need it", "더 이상 필요 없어"),
                CancelReason.ORDERED_BY_MISTAKE: ("you ordered it by mistake", "실수로 주문"),
            },
        ),
        (
            "payment-methods/1",
            {
                PaymentKind.CREDIT_CARD: ("credit card", "신용카드"),
                PaymentKind.PAYPAL: ("PayPal", "페이팔"),
                PaymentKind.GIFT_CARD: ("gift cards", "기프트 카드"),
            },
        ),
        ("contact-and-hours/1", {"en": ("English", "영어"), "ko": ("Korean", "한국어")}),
    ],
)
def test_the_handbook_names_every_reason_payment_method_and_language_there_is(
    place: str, words: Mapping[str, tuple[str, str]]
) -> None:
    everything: list[set[str]] = [set(CancelReason), set(PaymentKind), set(SPOKEN)]
    assert set(words) in everything
    for english, korean in words.values():
        assert english in section("en", place)
        assert korean in section("ko", place)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handbook_explains_every_status_an_order_can_have(language: str) -> None:
    explained = statuses(language, section(language, "tracking/2").lower())

    assert explained == set(OrderStatus)
