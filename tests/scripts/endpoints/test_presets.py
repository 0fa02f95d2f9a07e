"""Presets, and the endpoint that the environment names without any file."""

import shutil

import pytest

from scripts.running.stand_in import NoModelError, stand_in_parts, who_answers
from storage.endpoints import Endpoint, load_endpoints
from storage.presets import UnknownPresetError, load_presets
from storage.settings import REPOSITORY, Settings, SettingsError, load_settings

SHIPPED = REPOSITORY / "team" / "models.toml"
ORDERS = ('[roles.orders]\nendpoint = "slice2"', '[roles.orders]\nendpoint = "slice1"')
PAGE = (REPOSITORY / "docs" / "models.md").read_text()


@pytest.mark.parametrize("name", load_presets())
def test_every_preset_is_an_endpoint_and_has_its_row_on_the_page(name: str) -> None:
    one = load_presets()[name]

    made = Endpoint.model_validate(one.as_endpoint(base_url=one.base_url or "https://x/v1", model=one.model or "m"))

    assert made.base_url == (one.base_url or "https://x/v1")
    assert one.source.startswith("https://")
    cells = (f"`{name}`", one.base_url or "yours", f"`{one.key_env}`" if one.key_env else "", one.model or "yours")
    sees = "yes" if one.vision else "no"
    assert f"| {' | '.join(cells)} | {sees} | [{one.quirks}]({one.source}) |" in PAGE


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"OPENAI_API_KEY": "k"}, ("openai", "https://api.openai.com/v1", "gpt-4.1-mini", "k")),
        ({"ANTHROPIC_API_KEY": "k"}, ("anthropic", "https://api.anthropic.com/v1", "claude-haiku-4-5", "k")),
        (
            {"LLM_PROVIDER": "openai", "LLM_MODEL": "gpt-x", "OPENAI_API_KEY": "k", "MODEL1_BASE_URL": "http://a/v1"},
            ("openai", "https://api.openai.com/v1", "gpt-x", "k"),
        ),
        (
            {"BASE_URL": "https://llm.example.com/v1/", "API_KEY": "k", "MODEL": "m"},
            ("custom", "https://llm.example.com/v1", "m", "k"),
        ),
        ({"OPENAI_API_KEY": "k", "MODEL1_BASE_URL": "http://a/v1"}, None),
        ({"OPENAI_API_KEY": "k", "MOCK_LLM": "true"}, None),
    ],
)
def test_an_environment_names_the_endpoint_of_every_role_while_nobody_changed_the_file(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    named: tuple[str, str, str, str] | None,
) -> None:
    shutil.copy(SHIPPED, settings.shopdesk_home / "models.toml")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    found = load_endpoints(load_settings())

    keys = {key for role in found.roles.values() for key in role.endpoints}
    if named is None:
        assert keys == {"slice1", "slice2"}
    else:
        [one] = found.endpoints.values()
        assert (*keys, one.base_url, one.model, one.api_key) == named
        assert found.in_place_of("orders") == []


def test_a_file_that_somebody_changed_decides_and_an_added_endpoint_alone_is_no_decision(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    path = settings.shopdesk_home / "models.toml"
    path.write_text(SHIPPED.read_text() + '[endpoints.more]\nbase_url = "http://more/v1"\nmodel = "m"\n')
    added = load_endpoints(load_settings())
    path.write_text(
        SHIPPED.read_text().replace('[roles.orders]\nendpoint = "slice2"', '[roles.orders]\nendpoint = "slice1"')
    )
    changed = load_endpoints(load_settings())

    assert (list(added.endpoints), added.roles["orders"].endpoints) == (["openai", "more"], ("openai",))
    assert (list(changed.endpoints), changed.roles["orders"].endpoints) == (["slice1", "slice2"], ("slice1",))


@pytest.mark.parametrize(
    ("environment", "error", "said"),
    [
        ({"LLM_PROVIDER": "opnai"}, UnknownPresetError, "There is no preset opnai"),
        ({"BASE_URL": "http://h/v1"}, SettingsError, "BASE_URL is not valid: it needs the name of a model"),
        ({"LLM_PROVIDER": "azure"}, SettingsError, "which BASE_URL has to name"),
        ({"MOCK_LLM": "maybe"}, SettingsError, "MOCK_LLM is not valid"),
    ],
)
def test_half_an_environment_is_said_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], error: type[Exception], said: str
) -> None:
    shutil.copy(SHIPPED, settings.shopdesk_home / "models.toml")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(error, match=said):
        load_endpoints(load_settings())


def test_the_stand_in_is_forced_where_the_file_and_the_environment_name_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        SHIPPED.read_text().replace(":8081/", ":18081/").replace('"http://127.0.0.1:8082/v1"', '"http://gpu:8082/v1"')
    )
    (settings.shopdesk_home / "models.toml").write_text(text)
    monkeypatch.setenv("MOCK_LLM", "TRUE")
    monkeypatch.setenv("MODEL1_BASE_URL", "http://gpu:8081/v1")

    found = load_endpoints(load_settings())

    assert [one.base_url for one in found.endpoints.values()] == [
        "http://127.0.0.1:18081/v1",
        "http://127.0.0.1:8082/v1",
    ]
    assert (found.roles["orders"].endpoints, found.roles["router"].endpoints) == (("slice2",), ("slice1",))


async def test_a_shop_that_starts_says_who_answers_where_the_file_does_not_say_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SHIPPED.read_text().replace(":808", ":1")
    (settings.shopdesk_home / "models.toml").write_text(text)
    silent = await who_answers(settings), len(stand_in_parts(settings))
    monkeypatch.setenv("MODEL1_BASE_URL", "http://gpu:8081/v1")
    bridged = settings_with(monkeypatch, MOCK_LLM="bridge", MODEL2_BASE_URL="http://gpu:8082/v1")
    until, bridge = await who_answers(bridged), stand_in_parts(bridged)
    forbidden = settings_with(monkeypatch, MOCK_LLM="false", MODEL1_BASE_URL="", MODEL2_BASE_URL="")
    with pytest.raises(NoModelError, match="MOCK_LLM=false forbids the stand-in, and no model answers: slice1 at"):
        await who_answers(forbidden)

    assert silent == ("", 1)
    assert "until http://gpu:8081/v1 or http://gpu:8082/v1 does" in until
    assert [part.ports for part in bridge] == [(11, 12)]
    assert stand_in_parts(forbidden) == []


async def test_a_shop_with_a_key_in_its_environment_starts_no_stand_in_and_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SHIPPED, settings.shopdesk_home / "models.toml")
    keyed = settings_with(monkeypatch, OPENAI_API_KEY="k")

    line = await who_answers(keyed)

    assert line == (
        "models: gpt-4.1-mini at https://api.openai.com/v1 for every role, "
        "since OPENAI_API_KEY is set (MOCK_LLM=true for the stand-in)"
    )
    assert stand_in_parts(keyed) == []


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()
