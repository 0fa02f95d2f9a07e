"""A model is divided among cards as models.toml says: the sums, the flags, and the first reason why it cannot be."""

import json
from pathlib import Path

import pytest

from scripts.sizing.cards import GIB
from scripts.sizing.command import cards_named, planned, preset_named
from scripts.sizing.lines import arguments, environment
from scripts.sizing.models import known
from scripts.sizing.plan import Plan, asked_in, make_plan
from storage.endpoints import parse_endpoints
from storage.settings import CannotStartError
from tests.scripts.command import shopdesk

THINKER = "Qwen/Qwen3-32B"


def plan_of(tmp_path: Path, gpu: str, *served: str) -> Plan:
    """Plan endpoints of these `serve` tables, each with Qwen3-32B."""
    endpoints = "".join(
        f'[endpoints.e{at}]\nbase_url = "http://127.0.0.1:{9000 + at}/v1"\nmodel = "{THINKER}"\nserve = {{ {table} }}\n'
        for at, table in enumerate(served)
    )
    text = f'{endpoints}[roles.router]\nendpoint = "e0"\n'
    return make_plan(asked_in(parse_endpoints(tmp_path / "models.toml", text), None), cards_named([gpu]), None)


def test_the_set_of_four_models_takes_nine_cards() -> None:
    made = planned([], ["9xH100"], None, None, "four")

    assert not made.shortages
    assert [list(one.devices) for one in made.slices] == [[0, 1], [2, 3], [4, 5, 6, 7], [8]]
    assert [one.wanted.weights for one in made.slices[:3]] == [
        65_524_246_528 // 2,
        65_524_246_528 // 2,
        146_821_554_688 // 4,
    ]
    assert [one.wanted.served_as for one in made.slices] == list(preset_named("four").endpoints)
    assert all(one.needed <= one.card.usable for one in made.slices)
    assert "--tensor-parallel-size 4" in " ".join(arguments(made.slices[2]))
    assert environment(made.slices[2], 9)["CUDA_VISIBLE_DEVICES"] == "4,5,6,7"


def test_keys_and_values_are_divided_with_the_heads_and_the_layers(tmp_path: Path) -> None:
    whole = known()[THINKER].shape.kv_bytes_a_token
    [one] = plan_of(tmp_path, "8xH100", "tensor_parallel = 2, pipeline_parallel = 2, data_parallel = 2").slices

    assert one.wanted.kv_bytes_a_token == whole // 4
    assert 65_524_246_528 / 4 < one.wanted.weights < 65_524_246_528 / 4 + GIB
    assert list(one.devices) == list(range(8))
    assert one.whole == 2 * (one.tokens // one.wanted.context)
    told = " ".join(arguments(one))
    assert "--tensor-parallel-size 2 --pipeline-parallel-size 2 --data-parallel-size 2" in told


def test_heads_that_more_cards_share_are_kept_by_each(tmp_path: Path) -> None:
    [eight] = plan_of(tmp_path, "8xA100 80 GB", "tensor_parallel = 8").slices
    [sixteen] = plan_of(tmp_path, "16xA100 80 GB", "tensor_parallel = 16").slices

    assert eight.wanted.kv_bytes_a_token == sixteen.wanted.kv_bytes_a_token


@pytest.mark.parametrize(
    ("gpu", "table", "said"),
    [
        (
            "3xH100",
            "tensor_parallel = 3",
            "64 attention heads, which 3 cards cannot share evenly. Take 1, 2, 4, 8, 16",
        ),
        ("65xH100", "pipeline_parallel = 65", "64 layers, fewer than cards"),
        ("2xH100", "tensor_parallel = 4", "2 cards for models that take 4: give 4, as in --gpu 4xH100"),
        ("H100", "adapter = './nowhere'", "adapter = ./nowhere: its adapter_config.json cannot be read"),
    ],
)
def test_what_cannot_be_divided_is_said_with_what_can(tmp_path: Path, gpu: str, table: str, said: str) -> None:
    with pytest.raises(CannotStartError) as refused:
        plan_of(tmp_path, gpu, table)

    assert said in str(refused.value)


def test_those_that_take_turns_share_their_cards_and_can_sleep(tmp_path: Path) -> None:
    turn = 'tensor_parallel = 2, takes_turns = "a"'
    first, second = plan_of(tmp_path, "2xH100", turn, turn).slices

    assert [list(one.devices) for one in (first, second)] == [[0, 1], [0, 1]]
    assert first.needed + GIB <= first.card.usable
    assert "--enable-sleep-mode" in arguments(first)
    assert environment(second, 2)["VLLM_SERVER_DEV_MODE"] == "1"


def test_an_adapter_and_a_quantization_are_taken_from_models_toml(tmp_path: Path) -> None:
    folder = tmp_path / "adapter"
    folder.mkdir()
    (folder / "adapter_config.json").write_text(json.dumps({"r": 12}))
    (folder / "adapter_model.safetensors").write_bytes(b"0" * 1000)
    table = f'weights = "{THINKER}", quantization = "awq", adapter = "{folder}"'

    [one] = plan_of(tmp_path, "L40", table).slices

    told = " ".join(arguments(one))
    assert told.startswith("Qwen/Qwen3-32B-AWQ --served-model-name Qwen/Qwen3-32B-AWQ ")
    assert f"--enable-lora --max-lora-rank 16 --lora-modules {THINKER}={folder}" in told
    assert one.wanted.weights == known()["Qwen/Qwen3-32B-AWQ"].total + 1000


async def test_the_command_says_what_sets_there_are() -> None:
    wrong = await shopdesk("models", "plan", "--preset", "five", "--gpu", "H100")

    assert wrong.code == 2
    assert "No set of models is called five; there is: four." in wrong.complained
