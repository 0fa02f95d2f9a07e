"""The customer's language, and what the desk itself says in it."""

import re

LANGUAGES = {"en": "English", "ko": "Korean"}
HANGUL = re.compile(r"[ᄀ-ᇿㄱ-ㆎ가-힣]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
LATIN = re.compile(r"[A-Za-z]")
OTHER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0400-\u04ff]")
CODES = re.compile(r"(?<!\S)[^\s@]++@\S++|#?\b[^\W\d]*+\d\w*+|\[[^\[\]]*+\]")
"""Addresses, numbers and names of policies, which are the same in any language."""

FEWEST, HEAD = 12, 20
"""Letters without which no language can be told; letters of a beginning."""

SHARE = {"ko": 0.1, "en": 0.3}
"""Of the letters, what is at least in the customer's own script; names of products are Latin, quotes may be Korean."""

SAYINGS = {
    "stopped": ("I stopped. What would you like me to do instead?", "중단했습니다. 대신 무엇을 도와드릴까요?"),
    "model_down": (
        "I'm sorry, I can't answer right now: our assistant is not reachable.",
        "죄송합니다. 지금은 상담 시스템에 연결할 수 없어 답변드리지 못합니다.",
    ),
    "tools_down": (
        "I'm sorry, I can't look anything up right now: the shop's system does not answer.",
        "죄송합니다. 지금은 쇼핑몰 시스템이 응답하지 않아 확인해 드릴 수 없습니다.",
    ),
    "too_slow": (
        "I'm sorry, this is taking too long, so I stopped.",
        "죄송합니다. 처리가 너무 오래 걸려 중단했습니다.",
    ),
    "looped": (
        "I'm sorry, I looked several things up and could not finish. Could you ask for one thing at a time?",
        "죄송합니다. 여러 가지를 확인했지만 마무리하지 못했습니다. 한 번에 한 가지씩 말씀해 주시겠어요?",
    ),
    "cut_off": (
        "I'm sorry, I was interrupted in the middle of your request and could not finish it.",
        "죄송합니다. 요청을 처리하던 중에 중단되어 마치지 못했습니다.",
    ),
    "failed": (
        "I'm sorry, something went wrong on our side and I could not finish.",
        "죄송합니다. 저희 쪽 문제로 처리를 마치지 못했습니다.",
    ),
    "not_kept": (
        "I'm sorry, the shop's system does not answer, so I could not finish. "
        "Please look at your order before you try again in a few minutes.",
        "죄송합니다. 쇼핑몰 시스템이 응답하지 않아 처리를 마치지 못했습니다. "
        "잠시 후 주문 상태를 먼저 확인하신 뒤 다시 시도해 주세요.",
    ),
    "nothing_changed": ("Nothing was changed.", "변경된 내용은 없습니다."),
    "unsure": (
        "I do not know whether the last change was made: please look before you ask for it again.",
        "마지막 변경이 처리되었는지 확인되지 않습니다. 다시 요청하시기 전에 먼저 확인해 주세요.",
    ),
    "was_done": ("This was done: {change}.", "처리된 내용: {change}."),
    "try_again": ("Please try again in a few minutes.", "잠시 후 다시 시도해 주세요."),
    "nothing_to_say": (
        "I'm sorry, I did not find an answer to that. Could you say it in another way?",
        "죄송합니다. 답을 찾지 못했습니다. 다르게 말씀해 주시겠어요?",
    ),
    "log_in": (
        "Please log in first, so that I can see your orders and help you.",
        "주문을 확인하고 도와드리려면 먼저 로그인해 주세요.",
    ),
    "who_are_you": (
        "I can help with our products and policies right away. For orders, returns and requests I need to know who "
        "you are: please send me the email address and the postcode of your account.",
        "상품과 정책은 바로 안내해 드릴 수 있습니다. 주문, 반품, 문의를 도와드리려면 먼저 본인 확인이 필요합니다. "
        "가입하신 이메일 주소와 우편번호를 보내 주세요.",
    ),
    "welcome": (
        "Hello! I can tell you about our products and policies right away, and help with orders, returns and requests "
        "once I know who you are. What can I do for you?",
        "안녕하세요! 상품과 정책은 바로 안내해 드리고, 주문, 반품, 문의는 본인 확인 후 도와드립니다. "
        "무엇을 도와드릴까요?",
    ),
    "you_are_welcome": (
        "You're welcome! I am here if you need anything else.",
        "감사합니다! 더 필요한 것이 있으면 말씀해 주세요.",
    ),
    "which_postcode": (
        "Thank you. Please send me the postcode of your account as well.",
        "감사합니다. 등록하신 우편번호도 보내 주세요.",
    ),
    "which_email": (
        "Thank you. Please send me the email address of your account as well.",
        "감사합니다. 가입하신 이메일 주소도 보내 주세요.",
    ),
    "refused": (
        "I found no account with this email address and postcode. Please check both and send them again. "
        "Tries left: {left}.",
        "이 이메일 주소와 우편번호가 함께 등록된 계정을 찾지 못했습니다. 두 가지를 확인하신 뒤 다시 보내 주세요. "
        "남은 횟수: {left}회.",
    ),
    "handed_over": (
        "I could not confirm who you are, so I will not ask again in this chat. A person will help you: reply to the "
        "email that confirmed your order, or log in and ask again here. I can still answer questions about products "
        "and policies.",
        "본인 확인이 되지 않아 이 대화에서는 더 이상 여쭙지 않겠습니다. 담당자가 도와드리겠습니다. 주문 확인 이메일에 "
        "회신하시거나, 로그인한 뒤 다시 문의해 주세요. 상품과 정책에 관한 질문에는 계속 답해 드릴 수 있습니다.",
    ),
    "person_answers": (
        "Your message is with a colleague now. A person will answer you here; your ticket is {ticket}.",
        "메시지를 담당자에게 전달했습니다. 상담원이 이 대화에서 직접 답변드립니다. 문의 번호는 {ticket}입니다.",
    ),
    "too_long": (
        "That message is too long for me. Please send it in parts of at most 4,000 characters.",
        "메시지가 너무 깁니다. 4,000자 이내로 나누어 보내 주세요.",
    ),
    "empty": ("Your message was empty. How can I help?", "메시지가 비어 있습니다. 무엇을 도와드릴까요?"),
    "wrong_language": (
        "I'm sorry, I could not write my answer in English. Could you ask me once more?",
        "죄송합니다. 답변을 한국어로 작성하지 못했습니다. 다시 한번 말씀해 주시겠어요?",
    ),
    "comes_next": (
        "After that I will ask you about the next change: {change}.",
        "그다음 변경은 이어서 여쭤보겠습니다: {change}.",
    ),
    "ticket": (
        "I passed your message on, and a colleague will look at it: ticket {ticket}.",
        "말씀하신 내용을 담당자에게 전달했습니다. 담당자가 확인하겠습니다: 문의 번호 {ticket}.",
    ),
    "yes": ("Yes.", "네."),
    "no": ("No.", "아니요."),
}
"""What the desk says where no model speaks: English, Korean."""


def language_of(text: str, before: str) -> str:
    """Return `ko` or `en`; a text that shows neither, such as an order number, keeps the language from before."""
    if HANGUL.search(text):
        return "ko"
    return "en" if LATIN_WORD.search(text) else before


def is_foreign(text: str, language: str) -> bool:
    """Whether a text for a customer is in another language than theirs."""
    plain = CODES.sub(" ", text)
    letters = "".join(char for char in plain if char.isalpha())
    if len(letters) < FEWEST:
        return False
    if len(OTHER.findall(letters)) * 3 > len(letters):
        return True
    own = HANGUL if language == "ko" else LATIN
    return all(len(own.findall(part)) < SHARE[language] * len(part) for part in (letters, letters[:HEAD]))


def say(what: str, language: str, **facts: str) -> str:
    """Return one of the desk's own sentences, with these facts in it."""
    english, korean = SAYINGS[what]
    return (korean if language == "ko" else english).format(**facts)
