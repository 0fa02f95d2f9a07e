"""The start of a turn: its message, or the answer to a question, read before the team sees it."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import Conversation
from storage.chats.events import Event, add_events, new_event
from storage.chats.handovers import hear
from storage.shop.tickets import Ticket
from team.desk.conduct import CONDUCT, Response, notices_of, response_to
from team.desk.cut_off import CutOff
from team.desk.hearing import Heard
from team.turn.confirmations import NoSuchQuestionError, OpenQuestion
from team.turn.request import CustomerAnswer, Request, task_of
from team.turn.steps import Step, as_step
from team.turn.trouble import Trouble
from team.words.guardrails import guard_message
from team.words.language import language_heard, say

TITLE_CHARS = 60


@dataclass
class Beginning:
    """A conversation whose turn was just taken, and what is being asked so far.

    Its steps are `unstored` until `store` has numbered them.
    """

    session: AsyncSession
    conversation: Conversation
    request: Request
    question: OpenQuestion | None
    unstored: list[Event]
    handover: Ticket | None = None
    cut_off: CutOff | None = None
    stored: list[Step] = field(default_factory=list)

    def add(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Add a step, to be stored with the others."""
        self.unstored.append(new_event(self.conversation.id, kind, data))

    async def store(self) -> None:
        """Store the steps in this transaction."""
        await add_events(self.session, self.unstored)
        self.stored += map(as_step, self.unstored)
        self._ask(began=next(step.seq for step in self.stored if step.kind == "turn_started"))
        self.unstored.clear()

    async def hear(self, message: Heard) -> None:
        """Take a parsed message: its language, and whether it is the yes or no that an open question waits for."""
        visitor, response = self.request.visitor, await self._response_to(message)
        door = {"in_chat": self.request.in_chat, "asked": visitor is not None and visitor.pending.asks}
        heard = message.told(**door)
        if visitor is not None:
            # A visitor may say who they are; their details are not stored as they wrote them.
            self._ask(visitor=replace(visitor, given=heard))
        language = language_heard(heard.words, self.request.language)
        told = heard.told
        if response.withholds and (told := message.without_orders(**door)):
            language = language_heard(told, language)
        notices = notices_of(response.guarded.hidden, response.notice, language)
        self._ask(text=told, image_ids=message.image_ids, language=language, notices=notices)
        yes = None if self.question is None else message.answer_to(self.question.tool)
        if self.question is not None and yes is not None:
            self._answer(self.question, yes)
        self.add("guard", **response.guarded.as_event("message"))
        self.add("message", role="customer", **self._said(heard.shown, response, hidden=heard.hidden))
        if self.request.answer is not None:
            self.add("answer", question_id=self.request.answer.question.id, yes=yes, by="message")
        self._go_on(response, heard.told)
        self._name_after(told if response.withholds else heard.shown, response)

    async def _response_to(self, message: Heard) -> Response:
        staff = self.request.caller is not None and self.request.caller.staff
        response = await response_to(self.session, self.conversation.id, message, staff=staff)
        # A person who has this conversation reads all of it, and answers.
        return response if self.handover is None else response.for_a_person()

    def _go_on(self, response: Response, told: str) -> None:
        """Answer by code, pass the message on to the person who answers here, or leave it to the team."""
        if response.refused is not None:
            self._ask(refused=response.refused)
        elif self.handover is not None:
            self._pass_on(self.handover, task_of(told, self.request.image_ids))
        elif self.request.answer is None:
            self._add_unanswered()

    def _said(self, shown: str, response: Response, *, hidden: bool) -> dict[str, Any]:
        """The message as it is stored: as its sender sees it, and what of it the team read if that is not the same."""
        request, guarded = self.request, response.guarded
        return {
            "text": shown,
            "image_ids": list(request.image_ids),
            "language": request.language,
            **({"masked": True} if hidden else {}),
            **({"hidden": list(guarded.hidden)} if guarded.hidden else {}),
            **({"told": request.text} if response.withholds else {}),
            **({"refused": response.refused.value} if response.refused in CONDUCT else {}),
            **({"notice": response.notice} if response.notice else {}),
        }

    def _name_after(self, text: str, response: Response) -> None:
        """Name a new conversation after its first message, unless that asks for nothing."""
        if response.refused in CONDUCT:
            return
        self.conversation.title = self.conversation.title or " ".join(text.split())[:TITLE_CHARS]

    def press(self, question_id: str, yes: bool) -> None:
        """Take the answer given with a question's button.

        Raises:
            NoSuchQuestionError: this question is not open.
        """
        if self.question is None or self.question.id != question_id:
            raise NoSuchQuestionError(question_id)
        self._take(self.question, yes)
        self.add("answer", question_id=question_id, yes=yes, by="button")

    def take_up(self, cut_off: CutOff) -> None:
        """Run a turn that was cut off again, or tell the customer that it was."""
        guarded = guard_message(cut_off.text, bool(cut_off.image_ids))
        language = cut_off.language or self.request.language
        notices = notices_of(cut_off.hidden, cut_off.notice, language)
        self._ask(text=cut_off.text, image_ids=cut_off.image_ids, language=language, notices=notices)
        if cut_off.refused:
            self._ask(refused=Trouble(cut_off.refused))
        elif not cut_off.may_be_repeated:
            self._ask(refused=Trouble.CUT_OFF, unsure=cut_off.changes or cut_off.is_second)
        elif cut_off.answers is not None:
            self._answer_again(*cut_off.answers)
        elif guarded.problem:
            self._ask(refused=Trouble(guarded.problem))

    def _ask(self, **known: Any) -> None:  # noqa: ANN401 - fields of a request
        """Add what is known by now to the request."""
        request = replace(self.request, **known)
        caller = None if request.caller is None else replace(request.caller, language=request.language)
        self.request = replace(request, caller=caller)

    def _add_unanswered(self) -> None:
        """Answer a message that was cut off together with the one that followed it."""
        request, before = self.request, self.cut_off
        if before is not None and before.may_be_repeated and before.text != request.text and before.answers is None:
            images = tuple(dict.fromkeys([*before.image_ids, *request.image_ids]))
            self._ask(text=f"{before.text}\n{request.text}".strip(), image_ids=images)

    def _answer(self, question: OpenQuestion, yes: bool) -> None:
        if yes and question.passed:
            # Something the model said since may have been made to draw this yes, so ask the question itself once more.
            self._ask(repeats=question.model_copy(update={"passed": False}), language=question.language)
        else:
            self._ask(answer=CustomerAnswer(question, yes), language=question.language)

    def _take(self, question: OpenQuestion, yes: bool, text: str = "") -> None:
        told = text or say("yes" if yes else "no", question.language)
        self._ask(answer=CustomerAnswer(question, yes), language=question.language, text=told)

    def _answer_again(self, question_id: str, yes: bool) -> None:
        if self.question is None or self.question.id != question_id:
            self._ask(refused=Trouble.CUT_OFF, unsure=yes)
        else:
            self._take(self.question, yes, self.request.text)

    def _pass_on(self, ticket: Ticket, text: str) -> None:
        """Write the message to the ticket, where the person who has this conversation reads it."""
        by = "customer" if self.request.caller is None else self.request.caller.subject
        hear(ticket, text, by)
