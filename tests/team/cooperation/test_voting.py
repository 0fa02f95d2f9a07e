"""Which options a question has, which one an answer chooses, and what a count comes to."""

import pytest

from team.cooperation.voting import Ballot, chosen_in, count, options_in

REFUNDS = ("refund", "replace", "refund in part")


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("The lamp is broken: refund or replace?", ("refund", "replace")),
        ("Best for the customer: a refund, a voucher, or a repair?", ("a refund", "a voucher", "a repair")),
        ("어느 쪽이 좋습니까: 환불 또는 교환?", ("환불", "교환")),
        ("Which one?\n1. Refund\n2. Replace\n3. Neither", ("Refund", "Replace", "Neither")),
        ("Is this item damaged?", ("yes", "no")),
        ("이 상품은 파손되었나요?", ("예", "아니요")),
        ("Should we refund it or is it too late for that?", ("yes", "no")),
        ("Should we refund or replace the lamp?", ("refund", "replace")),
        ("The lamp of order #W1 arrived broken. Should we refund or replace it?", ("refund", "replace")),
        ("Refund or replace a broken lamp?", ("Refund", "replace")),
        ("Which is better, a refund, a voucher or a repair?", ("a refund", "a voucher", "a repair")),
        ("Is it broken or damaged?", ("yes", "no")),
        ("Should we refund or not?", ("yes", "no")),
        ("환불과 교환 중 어느 쪽이 좋을까요?", ("환불", "교환")),
        ("램프가 깨져서 왔습니다. 환불이랑 교환 중에 뭐가 나을까요?", ("환불", "교환")),
        ("환불할까요, 아니면 교환할까요?", ("환불", "교환")),
        ("환불이 나을까요 교환이 나을까요?", ("환불", "교환")),
        ("어느 쪽이 좋을까요, 환불 또는 교환?", ("환불", "교환")),
        ("환불해야 할까요?", ("예", "아니요")),
    ],
)
def test_the_options_of_a_question_are_those_it_lists(question: str, options: tuple[str, ...]) -> None:
    assert options_in(question) == options


@pytest.mark.parametrize(
    ("answer", "options", "chosen"),
    [
        ("It is broken.\nANSWER: refund", REFUNDS, "refund"),
        ("**Answer:** Refund in part.", REFUNDS, "refund in part"),
        ("답변: 네", ("yes", "no"), "yes"),
        ("선택: 아니오", ("예", "아니요"), "아니요"),
        ("Yes, the photo shows it.", ("yes", "no"), "yes"),
        ("네, 사진에 보입니다.", ("예", "아니요"), "예"),
        ("There is no charge for it.", ("yes", "no"), ""),
        ("It matches your words “lamp yes no refund”.", ("yes", "no"), ""),
        ("I found this for “refund”: a lamp.", REFUNDS, ""),
        ("I would replace it.", REFUNDS, "replace"),
        ("replace", REFUNDS, "replace"),
        ("ANSWER: refund or replace", REFUNDS, ""),
        ("Both a refund and to replace it are possible.", REFUNDS, ""),
        ("I do not know.", REFUNDS, ""),
        ("", REFUNDS, ""),
        ("ANSWER: no\nWait, that was wrong.\nANSWER: yes", ("yes", "no"), "yes"),
    ],
)
def test_an_answer_chooses_one_option_or_none(answer: str, options: tuple[str, ...], chosen: str) -> None:
    assert chosen_in(answer, options) == chosen


def test_whoever_chooses_nothing_does_not_agree() -> None:
    found = count([Ballot("a", "yes"), Ballot("b", "yes"), Ballot("c", "")])

    assert (found.winner, found.disagree, found.tied) == ("yes", True, ())
    assert found.told("en").splitlines() == ["yes", "yes: 2 (a, b)", "No vote: c", "The models disagree."]


def test_nobody_wins_where_nobody_votes() -> None:
    found = count([Ballot("a", ""), Ballot("b", "")])

    assert (found.winner, found.tied) == ("", ())
    assert found.told("en").splitlines() == ["No model chose one of the options.", "No vote: a, b"]
