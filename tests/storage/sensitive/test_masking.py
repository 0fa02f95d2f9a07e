"""What nobody should write is masked to the last character, and nothing around it."""

import pytest

from storage.sensitive.masking import Masked, masked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Visa 4111 1111 1111 1111, 12/27 123.", "Visa ●●●● ●●●● ●●●● 1111, 12/27 ●●●."),
        ("카드 4111111111111111이고 cvc는 123이에요", "카드 ●●●● ●●●● ●●●● 1111이고 cvc는 ●●●이에요"),
        ("4111\u200b1111\u200b1111\u200b1111", "●●●● ●●●● ●●●● 1111"),
        ("주민번호 900101-1234567입니다", "주민번호 ●●●●●●-●●●●●●●입니다"),
        ("ssn 123-45-6789.", "ssn ●●●-●●-●●●●."),
        ("My password is hunter2!", "My password is ●●●●●●●●"),
        ("비번을 abc123에서 xyz789로 바꿔 주세요", "비번을 ●●●●●●●●에서 ●●●●●●●●로 바꿔 주세요"),
        ("qwer1234가 제 비밀번호예요", "●●●●●●●●가 제 비밀번호예요"),
    ],
)
def test_a_secret_is_masked_whole_and_alone(text: str, told: str) -> None:
    assert masked(text).text == told
    assert masked(told) == Masked(told)


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111111",
        "운송장 번호 4111111111111111",
        "4111 1111 1111 1112",
        "phone 123-45-6789",
        "주문번호 900101-1234567",
        "991340-1234567",
        "My password is not accepted",
        "비밀번호가 틀렸대요",
        "공동현관 비밀번호 1234#",
    ],
)
def test_what_only_looks_like_one_is_left(text: str) -> None:
    assert masked(text) == Masked(text)
