"""Wrong calls, and wrong choices of a specialist: one function per `code` of `call.toml` and `route.toml`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from team.standin.completion import Call
from team.standin.hostility.said import Said, entry
from team.standin.hostility.table import Row
from team.standin.wire import ChatRequest, Json

MANY = 50
ELSEWHERE = ("get_order", "create_ticket", "search_policies", "search_products", "cancel_order", "inspect_image")
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJtYWRlLXVwIn0.c2lnbmF0dXJl"  # noqa: S105 - made up, and meant to look it


@dataclass(frozen=True)
class Moment:
    """What a spoiled reply is made from: the request, the call that is due or possible, the words, and the random
    generator.
    """

    request: ChatRequest
    call: Call
    words: Mapping[str, str]
    chance: Random

    def entry(self, name: str = "", arguments: Json | None = None, at: int = 0) -> Json:
        """Return a well-formed entry of `tool_calls`; without a name, for the call that is due."""
        given = self.call.arguments if arguments is None else arguments
        return entry(self.request, Call(name or self.call.name, given), at)


Spoil = Callable[[Moment], tuple[Json, ...]]


def spoilt(row: Row, said: Said, moment: Moment) -> Said:
    """Return the reply with the row's wrong calls instead of its own."""
    if row.kind == "route":
        return _chosen(row, said, moment)
    if row.code in _WHOLE:
        return _WHOLE[row.code](said, moment)
    return replace(said, calls=SPOILS[row.code](moment), finish="tool_calls")


def _chosen(row: Row, said: Said, moment: Moment) -> Said:
    wanted = moment.request.structured_outputs
    names = (wanted.choice if wanted else None) or [said.text]
    return replace(said, text=moment.chance.choice(names) if row.code == "any_choice" else row.en)


def _with_arguments(change: Callable[[str], object]) -> Spoil:
    """Return a function that makes the call with its JSON arguments changed."""

    def spoil(moment: Moment) -> tuple[Json, ...]:
        made = moment.entry()
        return ({**made, "function": {**made["function"], "arguments": change(made["function"]["arguments"])}},)

    return spoil


def _to(name: str, **arguments: object) -> Spoil:
    """Return a function that calls this tool; braces in its arguments are filled in."""

    def spoil(moment: Moment) -> tuple[Json, ...]:
        return (moment.entry(name, {key: _filled(value, moment.words) for key, value in arguments.items()}),)

    return spoil


def _filled(value: object, words: Mapping[str, str]) -> object:
    return words.get(value.strip("{}"), value) if isinstance(value, str) else value


def _with(**more: object) -> Spoil:
    """Return a function that makes the due call with extra arguments."""

    def spoil(moment: Moment) -> tuple[Json, ...]:
        given = {key: _filled(value, moment.words) for key, value in more.items()}
        return (moment.entry(arguments={**moment.call.arguments, **given}),)

    return spoil


def _without(*keys: str) -> Spoil:
    """Return a function that makes a call whose entry, or its function, lacks these keys."""

    def spoil(moment: Moment) -> tuple[Json, ...]:
        made = moment.entry()
        function = {key: value for key, value in made["function"].items() if key not in keys}
        return ({**{key: value for key, value in made.items() if key not in keys}, "function": function},)

    return spoil


def _parameters(moment: Moment) -> tuple[Json, ...]:
    made = moment.entry()
    return ({**made, "function": {"name": moment.call.name, "parameters": moment.call.arguments}},)


def _one_index(moment: Moment) -> tuple[Json, ...]:
    return (moment.entry(), {**moment.entry(at=1), "index": 0})


def _one_id(moment: Moment) -> tuple[Json, ...]:
    first = moment.entry()
    return (first, {**moment.entry(at=1), "id": first["id"]})


def _fifty(moment: Moment) -> tuple[Json, ...]:
    return tuple(moment.entry(at=at) for at in range(MANY))


def _types(moment: Moment) -> tuple[Json, ...]:
    return (moment.entry(arguments={key: {"value": [value, 1, None]} for key, value in moment.call.arguments.items()}),)


def _prefixed(moment: Moment) -> tuple[Json, ...]:
    return (moment.entry(f"orders.{moment.call.name}"),)


def _elsewhere(moment: Moment) -> tuple[Json, ...]:
    return (moment.entry(moment.chance.choice(ELSEWHERE)),)


SPOILS: Mapping[str, Spoil] = {
    "empty": _with_arguments(lambda _: ""),
    "missing": _without("arguments"),
    "null": _with_arguments(lambda _: None),
    "quoted": _with_arguments(json.dumps),
    "object": _with_arguments(json.loads),
    "listed": _with_arguments(lambda written: f"[{written}]"),
    "cut": _with_arguments(lambda written: written[: len(written) // 2]),
    "python": _with_arguments(lambda written: written.replace('"', "'")),
    "more": _with(mood="angry", customer="me"),
    "types": _types,
    "parameters": _parameters,
    "one_index": _one_index,
    "no_id": _without("id"),
    "one_id": _one_id,
    "no_name": _without("name"),
    "no_type": _without("type"),
    "late_index": lambda moment: ({**moment.entry(), "index": 7},),
    "unknown": _to("refund_everything", order_id="{order}", amount=99_999),
    "prefixed": _prefixed,
    "elsewhere": _elsewhere,
    "made_up": _to("get_order", order_id="#W8675309"),
    "theirs": _to("get_order", order_id="{their_order}"),
    "changes_theirs": _to("cancel_order", order_id="{their_order}", reason="no longer needed"),
    "unasked": _to("cancel_order", order_id="{order}", reason="ordered by mistake"),
    "token": _to("cancel_order", order_id="{order}", reason="ordered by mistake", confirm_token=TOKEN),
    "confirmed": _to("cancel_order", order_id="{order}", reason="ordered by mistake", confirmed=True, answer="yes"),
    "as_them": _with(customer_id="{their_id}", email="{their_email}"),
    "fifty": _fifty,
    "handed": _to("hand_over", to="RefundWizard", rest="everything"),
}


def _ending(finish: str) -> Callable[[Said, Moment], Said]:
    def spoil(said: Said, moment: Moment) -> Said:
        return replace(said, calls=(moment.entry(),), finish=finish)

    return spoil


def _no_call(said: Said, _: Moment) -> Said:
    return replace(said, calls=(), finish="tool_calls")


def _older(said: Said, moment: Moment) -> Said:
    function = {"name": moment.call.name, "arguments": moment.call.arguments_json}
    return replace(said, text="", calls=(), fields={"function_call": function}, finish="function_call")


_WHOLE: Mapping[str, Callable[[Said, Moment], Said]] = {
    "length": _ending("length"),
    "stop": _ending("stop"),
    "no_call": _no_call,
    "older": _older,
}
CODES = frozenset({*SPOILS, *_WHOLE})
