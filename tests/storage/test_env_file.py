"""A `.env` file in the working folder: read, overridden by the environment, and refused by the line."""

import os
import re
from pathlib import Path

import pytest

from scripts.linting.env_example import FILE, example
from storage.settings import EnvFileError, Settings, load_settings


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder; what a file in it adds to the environment is gone after the test."""
    before = dict(os.environ)
    monkeypatch.setattr(os, "environ", os.environ)
    monkeypatch.chdir(tmp_path)
    for name in {"UI_PORT", "MODEL1_API_KEY", "HOST"} - set(before):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return tmp_path


def test_a_file_in_the_folder_is_read_and_the_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_PORT", "8111")
    (folder / ".env").write_text('# ours\nexport UI_PORT=3033\nMCP_PORT=8222\nMODEL1_API_KEY="sk one"\nHOST=\n')

    loaded = load_settings()

    assert (loaded.ui_port, loaded.mcp_port, loaded.host) == (3033, 8111, "127.0.0.1")
    assert os.environ["MODEL1_API_KEY"] == "sk one"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_file_with_a_byte_order_mark_is_read_as_one_without(folder: Path, encoding: str) -> None:
    (folder / ".env").write_bytes("\ufeff# 포트\r\nUI_PORT=3033\r\n".encode(encoding))

    assert load_settings().ui_port == 3033


@pytest.mark.parametrize(
    ("text", "line"),
    [("UI_PORT=3033\n\n# a key\nsk-secret-one\n", 4), ("UI_PORT\n", 1), ("HOST=x\nMODEL1_API_KEY='sk-secret\n", 2)],
)
def test_a_broken_line_is_named_with_its_file_and_not_shown(folder: Path, text: str, line: int) -> None:
    (folder / ".env").write_text(text)

    with pytest.raises(EnvFileError) as refused:
        load_settings()

    told = f"{folder / '.env'}: line {line} is not NAME=value. Correct or delete the line, then try again."
    assert str(refused.value) == told


def test_no_file_is_read_where_the_folder_is_somebody_elses(folder: Path) -> None:
    (folder / ".env").write_text("UI_PORT=3033\nnot a line\n")

    assert load_settings(env_file=None).ui_port == 3000


def test_the_example_lists_every_setting_with_its_default(settings: Settings, folder: Path) -> None:
    assert FILE.read_text() == example()
    assert [name for name in Settings.model_fields if f"#{name.upper()}=" not in example()] == []
    # With each # removed it says what the shop does without it.
    (folder / ".env").write_text(re.sub(r"^#(?=[A-Z0-9_]+=)", "", example(), flags=re.MULTILINE))
    changed = {"shopdesk_home", "shopdesk_secret"}
    assert load_settings().model_dump(exclude=changed) == settings.model_dump(exclude=changed)
