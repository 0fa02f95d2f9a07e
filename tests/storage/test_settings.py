"""Settings that cannot be used are named in one line at the start."""

import pytest

from storage.settings import Settings, SettingsError, load_settings

NO_NAME = "The setting {} is not valid: the endpoint needs a model name. Change or unset {}, then try again."


@pytest.mark.parametrize("kind", ["EMBEDDINGS", "RERANK"])
def test_an_endpoint_needs_the_name_of_its_model(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv(f"{kind}_BASE_URL", "http://127.0.0.1:8090/v1/")

    with pytest.raises(SettingsError) as refused:
        load_settings()
    monkeypatch.setenv(f"{kind}_MODEL", "bge-m3")
    loaded = load_settings()

    assert str(refused.value) == NO_NAME.format(f"{kind}_MODEL", f"{kind}_MODEL")
    assert getattr(loaded, f"{kind.lower()}_base_url") == "http://127.0.0.1:8090/v1"


@pytest.mark.parametrize("kind", ["EMBEDDINGS", "RERANK"])
def test_a_model_without_its_endpoint_is_no_setting_that_is_silently_unused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv(f"{kind}_MODEL", "bge-m3")

    with pytest.raises(SettingsError, match=rf"{kind}_MODEL is not valid: .* and none is set\."):
        load_settings()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:8090/v1", "it is not an http:// or https:// address"),
        ("http://127.0.0.1:80900/v1", "port out of range 0-65535"),
        ("http://127.0.0.1:eighty/v1", "port could not be cast to integer value as 'eighty'"),
    ],
)
def test_an_address_that_is_none_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("EMBEDDINGS_BASE_URL", address)

    with pytest.raises(SettingsError, match=rf"The setting EMBEDDINGS_BASE_URL is not valid: {said}\."):
        load_settings()


@pytest.mark.parametrize("key", ["sk-one\nsk-two", "열쇠"])
def test_a_key_that_fits_no_header_is_named_and_not_shown(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("EMBEDDINGS_API_KEY", key)

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert "EMBEDDINGS_API_KEY is not valid: it contains characters that a key cannot have" in str(refused.value)
    assert key not in str(refused.value)


@pytest.mark.parametrize("port", ["x", "80000"])
@pytest.mark.parametrize("name", ["MCP_PORT", "UI_PORT"])
def test_a_port_that_is_none_is_named_and_not_the_address_that_follows_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, port: str
) -> None:
    monkeypatch.setenv(name, port)

    with pytest.raises(SettingsError, match=f"^The setting {name} is not valid: input should be "):
        load_settings()
