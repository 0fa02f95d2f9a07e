"""A mind that misbehaves, reproducibly by seed, in ways real models do; tests check that a shop withstands it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from team.standin import mind
from team.standin.completion import Reply, limited
from team.standin.hostility.breaks import broken
from team.standin.hostility.calls import Moment, spoilt
from team.standin.hostility.filling import aimed, due, filled, words_of, written
from team.standin.hostility.said import Said, framed, said_by, sent, within_limit
from team.standin.hostility.table import Row, rows, targets, words
from team.standin.raw import Raw
from team.standin.understanding.conversation import Conversation, read
from team.standin.wire import ChatRequest

SHARE = 0.4
"""The share of replies it spoils; the others are as usual, so that turns get far enough to be spoiled."""

STUBBORN = 0.35
"""How often the last misbehaviour is repeated in the same way: retrying does not always help.

In total, about half of the replies are spoiled.
"""

BESIDE = 0.5
"""How often a text comes in addition to the due call rather than instead of it."""

MIXTURES: Mapping[tuple[str, ...], float] = {
    ("text",): 40,
    ("written",): 18,
    ("call",): 16,
    ("wire",): 10,
    ("text", "text"): 5,
    ("text", "written"): 3,
    ("text", "call"): 3,
    ("text", "wire"): 3,
    ("written", "wire"): 1,
    ("call", "wire"): 1,
}
"""Which kinds of misbehaviour occur together, and how often."""
OF_A_CHOICE: Mapping[tuple[str, ...], float] = {("route",): 3, ("wire",): 1}
OF_A_SCHEMA: Mapping[tuple[str, ...], float] = {("text",): 1, ("wire",): 1}


@dataclass
class Hostile:
    """Answers as the usual mind would, and spoils a share of the replies; the same seed and requests give the same
    replies.

    `theirs` names another customer's things, by the table's braces. `drawn` are the row names of each reply so far.
    """

    seed: str = "0"
    share: float = SHARE
    theirs: Mapping[str, str] = field(default_factory=words)
    drawn: list[tuple[str, ...]] = field(default_factory=list)
    _asked: int = 0
    _last: Sequence[Row] = ()

    def begin(self, seed: str) -> None:
        """Start over with another seed, as if nothing had been asked yet."""
        self.seed, self._asked, self._last = seed, 0, ()

    def __call__(self, request: ChatRequest) -> Reply | Raw:
        """Answer a request."""
        chance = Random(f"{self.seed}/{self._asked}")  # noqa: S311 - not used for anything secret
        self._asked += 1
        usual = mind.answer(request)
        chosen = self._chosen(request, chance)
        self._last = chosen
        self.drawn.append(tuple(row.name for row in chosen))
        return self._spoilt(request, usual, chosen, chance) if chosen else usual

    def _chosen(self, request: ChatRequest, chance: Random) -> Sequence[Row]:
        mixtures, again, spoils = _mixtures(request), chance.random() < STUBBORN, chance.random() < self.share
        if again and tuple(row.kind for row in self._last) in mixtures:
            return self._last
        return _draw(mixtures, chance) if spoils else ()

    def _spoilt(self, request: ChatRequest, usual: Reply, chosen: Sequence[Row], chance: Random) -> Raw:
        usual = limited(request, usual)
        talk, said = read(request), said_by(request, usual)
        given = {**words(), **self.theirs}
        told = words_of(request, talk, usual.text, given)
        moment = Moment(request, usual.call or due(talk, told), told, chance)
        breaks = ""
        for row in chosen:
            if row.kind == "wire":
                breaks = row.code
                continue
            told["answer"] = said.text
            said = _done(row, said, moment, talk)
        said = within_limit(request, said)
        return broken(breaks, request, said) if breaks else sent(request, framed(request, said))


def _mixtures(request: ChatRequest) -> Mapping[tuple[str, ...], float]:
    if request.structured_outputs and request.structured_outputs.choice:
        return OF_A_CHOICE
    return OF_A_SCHEMA if request.response_format and request.response_format.json_schema else MIXTURES


def _draw(mixtures: Mapping[tuple[str, ...], float], chance: Random) -> Sequence[Row]:
    """Draw a mixture, and one row for each of its kinds."""
    kinds = chance.choices(list(mixtures), list(mixtures.values()))[0]
    return [_one_of([row for row in rows() if row.kind == kind], chance) for kind in kinds]


def _one_of(found: Sequence[Row], chance: Random) -> Row:
    return chance.choices(found, [row.weight for row in found])[0]


def _done(row: Row, said: Said, moment: Moment, talk: Conversation) -> Said:
    if row.kind == "text":
        # Text next to a call is shown as it streams; text instead of the call is the answer.
        beside = said.calls if moment.chance.random() < BESIDE else ()
        finish = "tool_calls" if beside else row.finish
        text = filled(row.text(talk.language), moment.words)
        return Said(text, beside, {**said.fields, **row.fields}, finish)
    if row.kind == "written":
        call = aimed(moment.chance.choice(targets()), moment.call, moment.words)
        return replace(said, text=written(row.form, call, moment.words), calls=(), finish="stop")
    return spoilt(row, said, moment)
