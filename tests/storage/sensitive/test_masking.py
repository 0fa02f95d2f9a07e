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
        ("I type rain2024 as my password", "I type ●●●●●●●● as my password"),
        ("passcode for my account = 00-Marble", "passcode for my account = ●●●●●●●●"),
        ("The security code is 7714", "The security code is ●●●"),
        ("카드 뒷면 세 자리는 527이에요", "카드 뒷면 세 자리는 ●●●이에요"),
        ("four one one one, 1111 1111 double one one one, ok", "●●●● ●●●● ●●●● 1111, ok"),
        ("사일일일 일일일일 일일일일 일일일일이에요", "●●●● ●●●● ●●●● 1111이에요"),
        ("41111 11111 111 111", "●●●● ●●●● ●●●● 1111"),
        ("the code on the rear of my card is five one seven", "the code on the rear of my card is ●●●"),
        ("보안코드 오오이예요", "보안코드 ●●●예요"),
        ("주민번호 앞자리 950707 뒷자리 1023456이에요", "주민번호 앞자리 ●●●●●●-●●●●●●●이에요"),
        ("주민번호 뒷자리는 1023456", "주민번호 뒷자리는 ●●●●●●●"),
        ("77.03.15-2048812", "●●●●●●-●●●●●●●"),
        ("412 - 55 - 9087", "●●●-●●-●●●●"),
        ("log in with rob@example.com / Otter99river", "log in with rob@example.com / ●●●●●●●●"),
        ("reset it to Xy7!pond", "reset it to ●●●●●●●●"),
        ("My password is tulip boat seventy seven, ok", "My password is ●●●●●●●●, ok"),
        ("refund 4539148803436467 or 4556737586899855", "refund ●●●● ●●●● ●●●● 6467 or ●●●● ●●●● ●●●● 9855"),
        ("order 1042 and 4539148803436467 is my card", "order 1042 and ●●●● ●●●● ●●●● 6467 is my card"),
        ("비밀번호 알려드릴게요. qwer1234요", "비밀번호 알려드릴게요. ●●●●●●●●요"),
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
        "The security code for the gate is 4821",
        "passcode for the parcel locker = 4821",
        "The barcode says 8801234567893",
        "order four one one one one one one one one one one one one one one one",
        "The code on the back of the box is 517",
        "SN 536-22-8714",
        "orders 860412-1234567 and 860412-1234568 are late",
        "Where are orders 4539148803436467, 4556737586899855 and 5425233430109903?",
        "주문 860412-1234567이랑 860412-1234568이 안 와요",
        "배송 희망일은 261205-1400000",
        "olivia@example.com / W1042",
        "Log in and look at order A4-300",
        "My password is one of the things I forgot",
        "이 사이즈 말고 삼사일 걸려도 돼요",
    ],
)
def test_what_only_looks_like_one_is_left(text: str) -> None:
    assert masked(text) == Masked(text)
