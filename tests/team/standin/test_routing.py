import pytest

from team.standin.mind import answer
from team.standin.understanding.language import LANGUAGES, Language
from team.standin.wire import ChatRequest
from tests.team.standin.routed import SETS, is_for, messages, routed

SPECIALISTS = {
    "OrderTracker": "where an order is, its status, tracking number, listing orders, the customer's own profile",
    "ReturnsAgent": "cancel an order, return or exchange items, change the items or the payment of an order",
    "ProductAdvisor": "finding, comparing and recommending products, which product a picture shows",
    "PolicyGuide": "the shop's rules and how it works in general, such as how long refunds take, warranty rules",
    "TicketDesk": "complaints and problems, opening or looking up a ticket, talking to a person, small talk",
}


def route(block: str, specialists: dict[str, str] = SPECIALISTS) -> str:
    prompt = "Pick one specialist.\n" + "\n".join(f"{name}: {about}" for name, about in specialists.items())
    messages = [{"role": "system", "content": prompt}, {"role": "user", "content": block}]
    body = {"model": "m", "messages": messages, "structured_outputs": {"choice": list(specialists)}}
    return answer(ChatRequest.model_validate(body)).text


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("Language: en\n<message>Where is my parcel?</message>", "OrderTracker"),
        ("Language: ko\n<message>주문 취소해 주세요</message>", "ReturnsAgent"),
        ("Language: en\n<message>do you have lamps?</message>", "ProductAdvisor"),
        ("Language: ko\n<message>환불은 며칠 걸려요?</message>", "PolicyGuide"),
        ("Language: en\n<message>I want to talk to a human</message>", "TicketDesk"),
        ("Language: ko\n<message>안녕하세요</message>", "TicketDesk"),
        ("Language: en\n<message>lkjhg</message>", "TicketDesk"),
        ("Message: cancel #W1042, and how long do refunds take?", "ReturnsAgent"),
        ("Language: en\nImage: yes\n<message>it arrived like this, the glass is cracked</message>", "ReturnsAgent"),
        ("Language: en\nImage: yes\n<message></message>", "ProductAdvisor"),
        (
            "Language: ko\nRecent: user: 취소해 주세요\nReturnsAgent: 어느 주문인가요?\n<message>두 번째요</message>",
            "ReturnsAgent",
        ),
        ("Language: en\nRecent: customer: where is #W1042\n<message>and the other one?</message>", "OrderTracker"),
        ("Language: en\nRecent: ReturnsAgent: Which order?\n<message>do you sell chairs?</message>", "ProductAdvisor"),
    ],
)
def test_a_message_goes_to_the_specialist_whose_work_it_is(block: str, name: str) -> None:
    assert route(block) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Change the delivery address of order #W1042", "ChangesAgent"),
        ("#W1042 결제 수단을 기프트카드로 바꿔 주세요", "ChangesAgent"),
        ("Cancel order #W1042", "ReturnsAgent"),
        ("#W1042 반품할게요", "ReturnsAgent"),
    ],
)
def test_who_took_over_a_part_of_anothers_work_gets_its_messages_where_they_are_there(text: str, name: str) -> None:
    shared_out = SPECIALISTS | {"ChangesAgent": "change the items, address or payment of an order"}

    assert route(f"<message>{text}</message>", shared_out) == name
    assert route(f"<message>{text}</message>") == "ReturnsAgent"


@pytest.mark.parametrize("text", ["Is my laptop still under warranty?", "노트북 보증 언제까지예요?"])
def test_a_new_specialist_is_picked_by_the_words_of_its_description(text: str) -> None:
    with_warranty = SPECIALISTS | {"WarrantyDesk": "whether a product is under warranty, and warranty claims"}

    assert route(f"<message>{text}</message>", with_warranty) == "WarrantyDesk"
    assert route("<message>where is my order</message>", with_warranty) == "OrderTracker"


def test_the_answer_is_one_of_the_choices_even_where_none_fits() -> None:
    assert route("<message>where is my order</message>", {"Sales": "sells", "Support": "supports"}) in (
        "Sales",
        "Support",
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in SETS if name != "unseen"])
def test_messages_no_data_was_written_from_go_to_the_right_specialist(name: str, language: Language) -> None:
    every = messages(name, language)
    wrong = [(said.text, found) for said in every if not is_for(said.specialist, found := routed(said))]

    assert len(every) >= 50
    assert 1 - len(wrong) / len(every) >= SETS[name]["least"], wrong
