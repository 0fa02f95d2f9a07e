"""What two models need of a card: the sums, what fits, and the lines that start their servers."""

import json
from pathlib import Path

import pytest

from scripts.sizing.cards import GIB, card_named
from scripts.sizing.command import planned
from scripts.sizing.folder import CannotSizeError, read_folder
from scripts.sizing.lines import arguments
from scripts.sizing.models import known
from scripts.sizing.page import SHIPPED, cards_table
from scripts.sizing.plan import Plan, asked_by_name, make_plan
from storage.endpoints import FILE
from storage.settings import REPOSITORY, CannotStartError, Settings
from tests.scripts.command import shopdesk
from tests.scripts.sizing.folders import make_folder

INDEXED = {
    "Qwen/Qwen2.5-VL-7B-Instruct": (28 * (2 * 3584 * 3584 + 2 * 3584 * 512 + 3 * 3584 * 18944), 57_344),
    "Qwen/Qwen3-VL-8B-Instruct": (36 * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 12288), 147_456),
    "Qwen/Qwen3-VL-4B-Instruct": (36 * (2 * 2560 * 4096 + 2 * 2560 * 1024 + 3 * 2560 * 9728), 147_456),
}
"""Weights in the matrices of the layers, and the bytes of KV cache a token."""


def plan_for(gpu: str, *models: str) -> Plan:
    return make_plan(asked_by_name(models or SHIPPED, None), [card_named(gpu)], None)


@pytest.mark.parametrize("name", INDEXED)
def test_what_is_kept_of_a_model_follows_from_its_shape(name: str) -> None:
    matrices, kv_bytes = INDEXED[name]
    shape, whole = known()[name].shape, known()[name].total
    family = {one.quantization: one.total for one in known().values() if one.shape == shape}

    assert shape.kv_bytes_a_token == kv_bytes
    assert whole - family["fp8"] == pytest.approx(matrices, rel=1e-3)
    assert whole - family["awq"] == pytest.approx(matrices * (2 - 0.5 - 2 / 32), rel=0.04)


def test_a_card_is_divided_so_that_both_slices_hold_as_many_conversations() -> None:
    made = plan_for("L20")
    first, second = made.slices

    assert abs(first.tokens - second.tokens) <= 16 * 2**20 // second.wanted.model.shape.kv_bytes_a_token
    assert 0 <= first.card.usable - first.needed - second.needed < GIB
    assert [one.cache for one in made.slices] == [
        int(arguments(one)[arguments(one).index("--kv-cache-memory-bytes") + 1]) for one in made.slices
    ]


@pytest.mark.parametrize("gpu", ["24GiB", "L4", "L20", "A100 40 GB", "H100", "H200"])
def test_the_second_server_finds_the_memory_that_vllm_asks_for_when_it_starts(gpu: str) -> None:
    first, second = plan_for(gpu).slices
    told = arguments(second)
    share = float(told[told.index("--gpu-memory-utilization") + 1])

    assert share * second.card.memory <= second.card.usable - first.needed


def test_the_largest_weights_that_leave_room_to_talk_are_taken() -> None:
    taken = {gpu: plan_for(gpu).slices[0].wanted.model.quantization for gpu in ("L4", "A100 40 GB", "H100")}

    assert taken == {"L4": "awq", "A100 40 GB": "fp8", "H100": "none"}


def test_what_cannot_fit_is_refused_with_the_sum_and_with_what_would() -> None:
    made = plan_for("T4")
    [short] = made.shortages

    assert made.slices == ()
    assert short.needed == sum(one.weights + working + one.conversation for one, working in short.parts)
    assert short.lines[-1].endswith("too little")
    assert plan_for("T4", *made.advice.split()[-2:]).shortages != ()
    assert made.advice == "--gpu T4 --context 8192 Qwen/Qwen3-VL-4B-Instruct Qwen/Qwen3-VL-4B-Instruct"


async def test_the_command_prints_lines_that_a_shell_takes_and_says_what_a_slice_is_told(settings: Settings) -> None:
    path = settings.shopdesk_home / FILE
    path.write_text((REPOSITORY / "team" / FILE).read_text().replace("slice = 2", "slice = 2\nvision = false"))

    told = await shopdesk("models", "plan", "--gpu", "T4", "--gpu", "T4", "--json")
    shown = await shopdesk("models", "plan", "--gpu", "T4", "--gpu", "T4")

    first, second = json.loads(told.said)["slices"]
    assert told.code == shown.code == 0
    assert [one["environment"]["CUDA_VISIBLE_DEVICES"] for one in (first, second)] == ["0", "1"]
    assert first["command"][:5] == ["vllm", "serve", first["model"], "--served-model-name", SHIPPED[0]]
    assert ("--language-model-only" in first["command"], "--language-model-only" in second["command"]) == (False, True)
    assert first["command"][first["command"].index("--dtype") + 1] == "half"
    assert "--chat-template" in second["command"]
    assert f"--kv-cache-memory-bytes {first['kv_cache']} \\\n" in shown.said


async def test_the_command_ends_with_the_sum_where_the_models_do_not_fit(settings: Settings) -> None:
    told = await shopdesk("models", "plan", "--gpu", "8GiB")

    assert (told.code, told.said) == (1, "")
    assert "too little" in told.complained


@pytest.mark.parametrize(
    ("models", "gpu", "context", "part"),
    [
        (SHIPPED, ["V100"], None, "llama.cpp"),
        (SHIPPED, ["L5"], None, "No card is called L5"),
        (SHIPPED, [], None, "--gpu 24GiB"),
        (["./nowhere"], ["L4"], None, "there is no such folder"),
        (SHIPPED, ["L4"], 999_999, "takes at most 262,144 tokens"),
        (SHIPPED[:1], ["L4", "L4"], None, "2 cards for 1 models"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(models: list[str], gpu: list[str], context: int | None, part: str) -> None:
    with pytest.raises(CannotStartError, match=part):
        planned(list(models), gpu, None, context)


def test_a_folder_is_sized_by_its_config_and_the_headers_of_its_files(tmp_path: Path) -> None:
    tensors = [
        ("model.layers.0.w", "BF16", 4096),
        ("model.visual.blocks.0.w", "BF16", 1024),
        ("lm_head.weight", "F32", 512),
    ]
    vision = {"patch_size": 16, "hidden_size": 64, "intermediate_size": 128, "deepstack_visual_indexes": [0, 1]}

    model = read_folder(make_folder(tmp_path / "tiny", tensors, vision_config=vision))

    assert (model.total, model.vision, model.shape.kv_bytes_a_token) == (4096 + 1024 + 256, 1024, 2 * 2 * 2 * 32 * 2)
    assert (model.parser, model.template, model.weights(pictures=False)) == ("hermes", None, 4096 + 256)


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"sliding_window": 512}, "sliding_attention"),
        ({"kv_lora_rank": 512}, "multi-head latent attention"),
        ({"layer_types": ["full_attention", "linear_attention"]}, "linear_attention"),
        ({"num_hidden_layers": None}, "lacks or garbles"),
    ],
)
def test_a_cache_that_grows_in_another_way_is_refused_and_not_guessed(
    tmp_path: Path, config: dict[str, object], why: str
) -> None:
    with pytest.raises(CannotSizeError, match=why):
        read_folder(make_folder(tmp_path / "tiny", **config))  # type: ignore[arg-type]  # values of the config


def test_weights_that_were_cut_off_are_noticed(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "tiny")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])

    with pytest.raises(CannotSizeError, match="was cut off"):
        read_folder(folder)


def test_the_table_of_the_page_is_what_the_command_computes() -> None:
    assert cards_table() in (REPOSITORY / "docs" / "gpu.md").read_text()
