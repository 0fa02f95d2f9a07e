"""A bad model behind the whole desk: `scripts/test --vllm-real`, run by hand. What it found is in docs/models.md."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import tomlkit

from scripts.bench.hostility.play import Tally, play_at
from scripts.evaluation.model_trials import try_endpoint
from scripts.evaluation.temporary_shop import make_shop
from storage.endpoints import FILE, load_endpoints
from storage.settings import Settings
from team.standin.hostility.hostile import Hostile
from tests.team.shopfloor import answers_of, only
from tests.vllm.conftest import DEADLINE_S, write_models
from tests.vllm.served import REAL_CONTEXT, Served

pytestmark = [pytest.mark.vllm_real, pytest.mark.timeout(7_200)]

MESSAGES = 40
SEED = "5"
"""Who talks of what: customers of both languages, in seven conversations."""

LONGEST_REPLY = 120
"""Tokens; two processors write some ten of them a second."""

PATIENCE_S = 30


async def write_what_it_takes(settings: Settings) -> None:
    """Write into models.toml what each server takes, as `shopdesk models test` does."""
    path = settings.shopdesk_home / FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    for key, endpoint in load_endpoints(settings).endpoints.items():
        trials, takes = await try_endpoint(endpoint)
        assert takes is not None, trials
        document["endpoints"][key]["takes"] = list(takes)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def figures(tally: Tally) -> str:
    """Say what became of the turns, and what they cost."""
    seconds = sorted(tally.seconds)
    ends = [one for played in tally.played for one in only(played.steps, "turn_ended")]
    spent = {name: sum(one[name] for one in ends) for name in ("model_calls", "prompt_tokens", "completion_tokens")}
    called = sum(len(only(played.steps, "tool_call")) for played in tally.played)
    return (
        f"{len(seconds)} turns: {', '.join(f'{status} {count}' for status, count in sorted(tally.statuses.items()))}\n"
        f"longest {seconds[-1]:.0f} s, median {seconds[len(seconds) // 2]:.0f} s, tools called {called}, {spent}"
    )


def done_in(tally: Tally) -> str:
    """Return each turn that counted as done, and what its customer read: whether it is right is for a person to see."""
    done = [one for one in tally.played if one.status == "done"]
    return "\n".join(f"done: {one.said!r} > {' / '.join(answers_of(one.steps))!r}" for one in done)


def transcript_of(tally: Tally) -> str:
    """Write down what was wrong, then each turn: what was said, its steps, and what its customer read."""
    lines = [figures(tally), *(f"WRONG {kind}: {found}" for kind, found in tally.wrong.items())]
    for one in tally.played:
        lines += ["", f"{one.number} {one.status} {one.seconds:.0f} s {one.person.language}: {one.said}"]
        lines += [f"    {step.kind}: {step.data}" for step in one.steps if step.kind not in {"token", "message"}]
        lines += [f"  > {text}" for text in answers_of(one.steps)]
    return "\n".join(lines)


@pytest.mark.filterwarnings("ignore::UserWarning")
async def test_a_bad_model_tells_a_customer_what_is_so_or_the_desk_says_that_it_failed(
    settings: Settings, tmp_path: Path, real: Sequence[Served], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = real
    update = {"model1_base_url": first.url, "model2_base_url": second.url, "turn_deadline_s": DEADLINE_S}
    settings = settings.model_copy(update=update)
    write_models(
        settings,
        endpoints={"context_tokens": REAL_CONTEXT, "vision": False},
        specialists={"max_tokens": LONGEST_REPLY, "timeout_s": PATIENCE_S},
    )
    await write_what_it_takes(settings)
    home = tmp_path / "made"
    home.mkdir()
    made = await make_shop(settings, home)

    def told(found: int) -> None:
        with capsys.disabled():
            sys.stdout.write(f"one more turn has ended; {found} findings so far\n")
            sys.stdout.flush()

    tally = await play_at(made, tmp_path / "shop", Hostile(SEED), MESSAGES, told)

    transcript = tmp_path / "transcript.txt"
    transcript.write_text(transcript_of(tally), encoding="utf-8")
    with capsys.disabled():
        print(f"\n{figures(tally)}\n{done_in(tally)}\n{transcript}")  # noqa: T201 - its result goes into docs/models.md by hand
    assert tally.wrong == {}
    assert len(tally.seconds) == MESSAGES
    assert {one.person.language for one in tally.played} == {"en", "ko"}
