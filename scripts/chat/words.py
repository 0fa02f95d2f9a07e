"""What `shopdesk chat` itself says, in English and Korean; a trace words the reasons of steps, not their names."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.reasons import SENTENCES, Code

LANGUAGES = ("en", "ko")

WORDS: dict[str, tuple[str, str]] = {
    "as": (
        "{name} at {url}. /help says what else you can do.",
        "{name} 님, {url} 상담입니다. /help 를 입력하면 사용법이 나옵니다.",
    ),
    "visitor": (
        "You are a visitor at {url}. /help says what else you can do; --email logs you in.",
        "{url} 에 방문자로 들어왔습니다. /help 를 입력하면 사용법이 나오고, --email 로 로그인할 수 있습니다.",
    ),
    "stand_in": ("Stand-in model: no GPU here.", "대역 모델입니다: 이곳에는 GPU가 없습니다."),
    "help": (
        "/image PATH   add a picture to the next message (or write its path in the message)\n"
        "/new          start another conversation\n"
        "/quit         leave; the conversation is kept\n"
        "Ctrl-C        stop the answer; once more, leave",
        "/image 경로   다음 메시지에 사진을 붙입니다 (메시지 안에 경로를 써도 됩니다)\n"
        "/new          새 대화를 시작합니다\n"
        "/quit         끝냅니다. 대화는 보관됩니다\n"
        "Ctrl-C        답변을 멈춥니다. 한 번 더 누르면 끝냅니다",
    ),
    "you": ("you", "나"),
    "person": ("a person", "상담원"),
    "working": ("working on it… (Ctrl-C stops it)", "확인하고 있어요… (Ctrl-C로 중지)"),
    "stopping": ("stopping…", "중지하는 중…"),
    "confirm": (
        "Nothing happens until you confirm. y confirms, n declines.",
        "확인하시기 전에는 아무것도 바뀌지 않습니다. y 확인, n 거절.",
    ),
    "new": ("A new conversation.", "새 대화입니다."),
    "attached": ("{name} goes with your next message.", "{name} 사진이 다음 메시지와 함께 갑니다."),
    "no_file": ("There is no picture at {path}.", "{path} 에 사진이 없습니다."),
    "which_file": ("Say which picture: /image PATH", "어떤 사진인지 적어 주세요: /image 경로"),
    "no_command": ("There is no command {name}. /help lists them.", "{name} 명령은 없습니다. /help 를 입력해 보세요."),
    "bye": ("The conversation is kept.", "대화는 보관됩니다."),
    "unreachable": ("The shop cannot be reached. Try again.", "쇼핑몰에 연결할 수 없습니다. 다시 시도해 주세요."),
    "conversation_busy": (
        "The last message is still being answered. Wait for it, or stop it.",
        "앞선 메시지에 답하는 중입니다. 기다리거나 중지해 주세요.",
    ),
    "no_such_question": (
        "This question is no longer open. Ask again to go on.",
        "이 질문은 더 이상 열려 있지 않습니다. 다시 요청해 주세요.",
    ),
    "pictures_need_login": ("Log in to send pictures (--email).", "사진을 보내려면 로그인해 주세요 (--email)."),
    "picture_too_large": ("Pictures up to 10 MB can be sent.", "사진은 10 MB까지 보낼 수 있습니다."),
    "picture_not_an_image": (
        "This file is not a picture we can read. Send a PNG, JPEG, WebP or GIF.",
        "읽을 수 없는 파일입니다. PNG, JPEG, WebP, GIF 사진을 보내 주세요.",
    ),
    "database_busy": (
        "The shop is busy with other changes; nothing was changed. Try again in a minute.",
        "지금 다른 변경 작업이 많아 처리하지 못했습니다. 변경된 것은 없습니다. 잠시 뒤 다시 시도해 주세요.",
    ),
    "disk_full": (
        "The shop cannot keep anything at this moment. Nothing was changed. Try again later.",
        "지금은 쇼핑몰에 저장 공간이 부족해 처리하지 못했습니다. 변경된 것은 없습니다. 나중에 다시 시도해 주세요.",
    ),
    "database_gone": (
        "The shop cannot be reached at this moment. Try again in a minute.",
        "지금 쇼핑몰에 연결할 수 없습니다. 잠시 뒤 다시 시도해 주세요.",
    ),
    "too_late": ("No answer came in time. Try again.", "제때 답이 오지 않았습니다. 다시 시도해 주세요."),
}

REASONS_KO: Mapping[Code, str] = {
    Code.WAITED_FOR_CUSTOMER: "본인 확인을 기다리던 담당",
    Code.QUESTION_ANSWERED: "이 담당이 한 질문에 대한 답",
    Code.LIKELIEST: "후보 가운데 가장 가능성이 높음",
    Code.CHOSEN: "모델이 고름",
    Code.NO_MODEL: "응답한 모델이 없음: {why}",
    Code.NOBODY_NAMED: "모델이 담당을 고르지 못함: {said!r}",
    Code.LATE: "시간 안에 응답 없음",
    Code.STATUS: "상태 코드 {status}",
    Code.STATUS_AGAIN: "상태 코드 {status}, {seconds:g}초 뒤 다시",
    Code.AWAY: "연결 실패",
    Code.UNREADABLE: "읽을 수 없는 응답 ({error})",
    Code.ENDLESS: "끝이 없는 응답",
    Code.EMPTY_REPLY: "빈 응답",
    Code.CUT: "길이 제한으로 잘린 응답",
    Code.REPEATS: "같은 말을 되풀이하는 응답",
    Code.BAD_CALL: "읽을 수 없는 도구 호출",
    Code.BAD_ARGUMENTS: "도구 인자가 JSON 객체가 아님",
    Code.FOREIGN: "다른 언어로 된 응답",
    Code.LEAKS: "고객에게 보일 수 없음: {kinds}",
    Code.ALL_REST: "모든 엔드포인트가 방금 실패함",
    Code.RESTS: "{endpoint}: 방금 실패함",
    Code.TOO_LONG: "{characters}자, 최대 {most}자",
    Code.NO_TEXT: "내용 없음",
    Code.NO_ANSWER: "빈 답변",
    Code.RAW_JSON: "JSON 원본",
    Code.PAYMENT_ID: "결제 수단 ID",
    Code.INTERNAL_ID: "내부 ID",
    Code.RAW_DATA: "원시 데이터",
    Code.MARKUP: "모델 표기",
    Code.PROMPT: "지시문",
    Code.TOOL_NAMES: "도구 이름을 풀어 씀: {names}",
    Code.SEVERAL: "{reasons}",
    Code.TOO_SLOW: "답변이 너무 오래 걸림",
    Code.FAILED: "답변하지 못함",
    Code.LOOPED: "같은 작업을 되풀이함",
    Code.MODEL_DOWN: "응답한 모델이 없음",
    Code.TOOLS_DOWN: "도구 서버에 연결할 수 없음",
    Code.WRONG_LANGUAGE: "다른 언어로 답변함",
    Code.CUT_OFF: "답변 도중 서비스가 중단됨",
    Code.NOTHING_TO_SAY: "고객에게 보일 수 있는 내용이 없음",
}
"""Reasons of steps; in English each is its own sentence."""

REASONS: dict[str, tuple[str, str]] = {code: (SENTENCES[code], REASONS_KO[code]) for code in Code}


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str

    def __call__(self, key: str, **values: str) -> str:
        """Return what is said under a key."""
        return WORDS[key][LANGUAGES.index(self.language)].format(**values)

    def of_refusal(self, code: str, text: str) -> str:
        """Return what a refusal says; one whose code has no words here speaks for itself."""
        return self(code) if code in WORDS else text

    def of_reason(self, data: Mapping[str, Any], field: str) -> str:
        """Return why a step went as it did; a reason whose code or facts are not known here speaks for itself."""
        try:
            return self._reason(data[f"{field}_code"], data[f"{field}_facts"])
        except (LookupError, ValueError):
            return str(data[field])

    def _reason(self, code: str, facts: Mapping[str, Any]) -> str:
        words = REASONS[code][LANGUAGES.index(self.language)]
        return words.format_map({name: self._fact(fact) for name, fact in facts.items()})

    def _fact(self, fact: object) -> object:
        match fact:
            case {"code": str(code), "facts": dict(facts)}:
                return self._reason(code, facts)
            case list():
                return ", ".join(str(self._fact(one)) for one in fact)
        return fact


def language_of_terminal() -> str:
    """Return the language the terminal is set to, where it is one of ours; English otherwise."""
    set_to = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ko" if set_to.lower().startswith("ko") else "en"
