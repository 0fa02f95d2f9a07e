"""`shopdesk models download`: weights of a hub, resumed after a broken connection, and checked."""

from pathlib import Path

import pytest

from tests.scripts.command import shopdesk
from tests.scripts.sizing.folders import make_folder
from tests.scripts.slices.hub import Hub, serving_hub

SIZE = 13 * 2**20
"""More than the hub's client writes at once, so that there is something to go on from."""


async def test_a_broken_connection_goes_on_where_it_broke_and_what_differs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_folder(tmp_path / "model", [("model.embed_tokens.weight", "BF16", SIZE)])
    hub = Hub("shop/tiny", model, cut=SIZE - 2**20)
    command = ("models", "download", str(tmp_path / "weights"), "--model", "shop/tiny")

    with serving_hub(hub) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        fetched = await shopdesk(*command)
        [weights] = (tmp_path / "weights").glob("*/snapshots/*/*.safetensors")
        content = bytearray(weights.read_bytes())
        content[-1] ^= 1
        weights.write_bytes(content)
        changed = await shopdesk(*command)

    assert (fetched.code, fetched.said.splitlines()[-2]) == (0, "shop/tiny: 13.0 MiB of weights, complete.")
    assert [begin > 0 for begin in hub.ranges] == [False, True]
    assert changed.code == 2
    assert f"not what the hub has: {weights}" in changed.complained
    assert "Traceback" not in changed.complained


async def test_a_hub_that_is_not_there_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")

    told = await shopdesk("models", "download", str(tmp_path), "--model", "shop/tiny")

    assert told.code == 2
    assert "shop/tiny was not downloaded: " in told.complained
    assert "Traceback" not in told.complained
