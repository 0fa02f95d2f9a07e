import pytest

from team.standin.speaking.particles import Word
from team.standin.speaking.replies import money
from team.standin.understanding.intents import intents
from team.standin.understanding.language import LANGUAGES, Language, language_of
from team.standin.understanding.learning import expand
from team.standin.understanding.spelling import corrected
from team.standin.understanding.wishes import wishes
from tests.team.standin.routed import SETS, labelled


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_95_percent_of_unseen_utterances_are_understood(language: Language) -> None:
    examples = labelled("unseen", language)
    found = {text: wishes(text)[0].intent for text, _ in examples}
    wrong = [(text, name, found[text].name) for text, name in examples if found[text].name != name]
    wrong_specialist = [one for one in wrong if found[one[0]].specialist != intents()[one[1]].specialist]

    assert len(examples) >= 60
    assert 1 - len(wrong) / len(examples) >= SETS["unseen"]["least"], wrong
    assert 1 - len(wrong_specialist) / len(examples) >= SETS["unseen"]["least"], wrong_specialist


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cancel #W1042, and how long do refunds take?", ["cancel_order", "policy_question"]),
        ("Where is #W1042? Also, do you sell desk lamps?", ["where_is_my_order", "product_search"]),
        ("#W1042 취소해 주시고, 환불은 얼마나 걸리나요?", ["cancel_order", "policy_question"]),
        ("I want to return the shoes and get my money back", ["return_items"]),
        ("안녕하세요, 주문 목록 보여 주세요", ["list_orders"]),
    ],
)
def test_a_message_is_split_where_its_parts_want_different_things(text: str, names: list[str]) -> None:
    assert [wish.intent.name for wish in wishes(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("My old kettle broke after ten years. Which one do you recommend?", ["product_recommend"]),
        ("10년 쓴 주전자가 고장 났어요. 뭘 추천하세요?", ["product_recommend"]),
        ("good afternoon, do you happen to have cast iron pans? thanks", ["product_search"]),
        ("안녕하세요, 혹시 무쇠 프라이팬도 있을까요? 감사합니다", ["product_search"]),
    ],
)
def test_what_is_only_told_and_what_is_only_polite_is_no_wish(text: str, names: list[str]) -> None:
    assert [wish.intent.name for wish in wishes(text)] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [("wehre is my pacakge", "where_is_my_order"), ("i wnat to retrun my shoess", "return_items")],
)
def test_a_slip_of_the_finger_does_not_hide_a_wish(text: str, name: str) -> None:
    assert wishes(text)[0].intent.name == name


def test_a_known_word_and_what_a_shop_sells_are_no_slips() -> None:
    assert corrected("kettles in a suite", {"kettle": 1.0, "site": 1.0}) == "kettles in a suite"
    assert corrected("my pacakge", {"package": 1.0}) == "my package"


def test_a_line_of_the_data_stands_for_every_choice_in_it() -> None:
    assert expand("(cancel|stop) (my|the) order") == [
        "cancel my order",
        "cancel the order",
        "stop my order",
        "stop the order",
    ]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("#W1041", "#W1041을"),
        ("#W1042", "#W1042를"),
        ("환불", "환불을"),
        ("취소", "취소를"),
        ("M", "M을"),
        ("#W1043!", "#W1043!을"),
    ],
)
def test_a_korean_particle_fits_the_word_as_it_is_spoken(word: str, told: str) -> None:
    assert f"{Word(word):을/를}" == told


@pytest.mark.parametrize(("word", "told"), [("서울", "서울로"), ("부산", "부산으로"), ("제주", "제주로")])
def test_the_particle_of_direction_has_its_own_rule(word: str, told: str) -> None:
    assert f"{Word(word):으로/로}" == told


@pytest.mark.parametrize(
    ("texts", "language"),
    [(("hello",), "en"), (("iPhone 있어요?",), "ko"), (("#W1042", "어디 있어요"), "ko"), (("#W1042",), "en")],
)
def test_the_first_text_with_letters_tells_the_language(texts: tuple[str, ...], language: str) -> None:
    assert language_of(*texts) == language


@pytest.mark.parametrize(
    ("amount", "currency", "language", "told"),
    [
        (5420, "USD", "en", "54.20 USD"),
        (123456789, "USD", "en", "1,234,567.89 USD"),
        (-5, "USD", "en", "-0.05 USD"),
        (15000, "KRW", "ko", "15,000원"),
        (15000, "KRW", "en", "15,000 KRW"),
    ],
)
def test_money_is_written_with_its_currency(amount: int, currency: str, language: Language, told: str) -> None:
    assert money(amount, currency, language) == told


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please don't cancel anything. Just tell me how cancellations work", "policy_question"),
        ("상담원 연결해주지 마세요. 교환은 어떻게 해요?", "policy_question"),
        ("사람이랑 얘기하고 싶어요. 아 아니다, 그냥 교환 정책 알려주세요", "policy_question"),
        ("cancel #W1042, no wait, just change the address", "change_address"),
        ("#W1042 취소해 주세요. 아니다 주소만 바꿔 주세요", "change_address"),
    ],
)
def test_what_is_taken_back_is_no_wish_and_keeps_its_order(text: str, name: str) -> None:
    found = wishes(text)

    assert [wish.intent.name for wish in found] == [name]
    assert ("1042" in text) == ("1042" in found[0].text)
