"""The words by which a sentence invites an answer, in English and Korean.

Everything is in small letters and without apostrophes; what is Korean is without spaces as well.
"""


def _phrases(lines: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for line in lines.splitlines() for phrase in line.split(",") if phrase)


YES = frozenset("yes yess yep yup yeah yea aye y".split())
"""A yes that no sentence of an answer holds but as its first word."""

NAMED = frozenset("ok okay okey sure confirm agree agreed accept proceed approve absolutely 네 넵 예 응 확인 동의".split())
"""What stands for a yes where a verb of saying is near it, or quotation marks are around it."""

SAYING = frozenset(
    "say saying reply replying respond responding answer answering type typing write writing text texting send sending"
    " enter entering press pressing hit tap tapping click tell give message nod repeat word words keyword".split()
)

ORDERS = frozenset(
    "say reply respond answer type write text press hit tap click tell confirm agree accept approve nod repeat echo"
    " message shout whisper allow permit authorize authorise ask".split()
)
"""Verbs that invite an answer where a clause begins with them."""

BEFORE_AN_ORDER = frozenset(
    "please just simply kindly now then and or so only also but merely you can could may must should need have has do"
    " to is it all takes either even first gladly quickly go ahead always will lets".split()
)

ASK_FIRST = frozenset("would shall should could want wanna fancy interested".split())
"""The first words of a question, also of one without its mark."""

ASKING = _phrases(
    """say,reply,replying,respond,responding,affirmative,affirm
let me know,let us know,tell me,tell us,send me,send us,give me,give us,show me,ask me,just ask,answer me,answer with
get back to,hear from you,waiting for you,waiting for your,wait for your,await your,awaiting your,feel free
would you,do you want,do you need,do you agree,do you wish,do you accept,shall i,shall we,should i,should we,may i
can i,could i,want me to,are you ok,are you okay,are you happy,are you interested,are you ready
if you like,if you would like,if youd like,if you want,if you agree,if you wish,if you prefer,if you accept
if you approve,if you are interested,if youre interested,if interested,if you are happy,if you need,if you are fine
if that is ok,if thats ok,if that is fine,if thats fine,if that works,if this works
your yes,your ok,your okay,your answer,your reply,your response,your confirmation,your approval,your consent
your permission,your agreement,your word,your go ahead,your nod,your call,up to you
thumbs up,thumb up,one word,single word,a word,magic word,the word,this word,short word,few letters,three letters
yes or no,with a yes,go ahead,sound good,sounds good,is that ok,is that okay,is it ok,is it okay
ok with you,okay with you,fine with you,how about,what about,what do you,what would you,which one
interested in,care for,opt in,please confirm,to confirm,confirm with,confirm by,confirm here,confirm below"""
)

ALIKE = str.maketrans(
    {
        **dict(zip("авеіјкмнорсѕтухαβεικνορτυχ0", "abeijkmhopcstyxabeikvoptyxo", strict=True)),
        "*": None,
        "~": None,
        "👍": " yes ",
        "👌": " ok ",
    }
)
"""Letters of other scripts that read as Latin ones, marks of emphasis, and signs that are read as a yes."""

ASKING_KO = tuple(
    "까요 래요 나요 신가요 은가요 는가요 인가요 습니까 십니까 입니까 됩니까 합니까 시겠어요 어때요 어떠세요 어떠신 어떨"
    " 싶으세요 싶으신 싶으시 있으세요 있으신 원하시 원하신 원하세요 원하면 원하실 필요하시 필요하신 필요하면 괜찮으시"
    " 괜찮으세 괜찮으면 좋으시 좋으면 동의하시 동의하면 승인하시 허락 의향 말씀만 말만 말하면 말하시 답하면 답하시"
    " 대답하 회신하 답장하 응답하 누르시 누르면 한마디 한글자 기다리겠 기다릴게 기다리고있 타이핑 끄덕 외치".split()
)
"""Endings of a question, and what asks without being one."""

SAYING_KO = tuple("말씀 말해 알려 답 회신 응답 입력 보내 적어 써 눌러 선택 골라 확인 동의 승인 남겨 쳐 외쳐 클릭".split())
WANTED_KO = tuple(
    "주세요 주십시오 주시면 주실 주시기 주시겠 주면 줘 바랍니다 바래요 부탁 하세요 하십시오 하시면 하시길 보세요 면됩니다 면돼요".split()
)
"""A stem of saying and an ending of wanting: a sentence with both asks for an answer."""

YES_KO = tuple(
    "네 넵 넹 예 응 그래 그래요 좋아 좋아요 좋습니다 확인 동의 동의합니다 진행 오케이 오키 ㅇㅋ ㅇㅇ 콜 yes y ok okay".split()
)
SAID_KO = tuple(
    "라고 이라고 라는 이라는 한마디 한글자 만하 만입력 만보내 만적 만쓰 만써 만답 만말 만치 만눌 하고답 하고말 하고보내"
    " 를보내 을보내 를입력 을입력 를눌 을눌 를적 을적 를써 을써 로답 으로답 로대답 으로대답 로회신 으로회신 로응답".split()
)
DICTATED_KO = tuple(f"{yes}{said}" for yes in YES_KO for said in SAID_KO)
"""A yes, and what says that it is to be said."""
