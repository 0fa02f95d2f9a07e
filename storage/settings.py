"""Settings, the only module that reads the environment. Each has one name and one default."""

import os
from functools import cached_property
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.private import kept_secret
from storage.process.env_file import NotALineError, pairs_in
from storage.process.setting_kinds import DeliveryDays, Folders, Holidays, Key, Networks, TimeZone

UI_PORT = 3000
MCP_PORT = 8100
ADDRESSES = (
    *("public_mcp_url", "public_ui_url", "model1_base_url", "model2_base_url", "base_url"),
    *("chroma_url", "embeddings_base_url", "rerank_base_url", "otel_exporter_otlp_endpoint"),
)
Registration = Literal["off", "verified", "open"]
Toolset = Literal["all", "support", "shopping"]
StandIn = Literal["auto", "true", "false", "bridge"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
EVERYTHING: Final = "all"
ENV_FILE = Path(".env")
REPOSITORY = Path(__file__).resolve().parent.parent


class CannotStartError(Exception):
    """A problem the user has to fix first. The message is one line that says what is wrong and how to fix it."""


class SettingsError(CannotStartError):
    """A setting has an invalid value."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"The setting {name} is not valid: {problem}. Change or unset {name}, then try again.")


class EnvFileError(CannotStartError):
    """The `.env` file cannot be used."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file.absolute()}: {problem}. Correct or delete the line, then try again.")


class Settings(BaseSettings):
    """All settings of the shop."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    shopdesk_home: Path = Field(REPOSITORY / "var", description="Folder that holds all data; delete it to start over")
    database_url: str = Field("", description="Database; empty: SQLite in SHOPDESK_HOME")
    chroma_url: str = Field("", description="Chroma server for the handbook's vectors; empty: in SHOPDESK_HOME")
    embeddings_base_url: str = Field(
        "", description="Endpoint that embeds the handbook; empty: offline, in this process"
    )
    embeddings_model: str = Field("", description="Model at EMBEDDINGS_BASE_URL")
    embeddings_api_key: Key = Field("", repr=False, description="Its API key, if it needs one")
    embeddings_question_prefix: str = Field(
        "", description="Prefix its model expects before a question, such as 'query: '"
    )
    embeddings_passage_prefix: str = Field("", description="Prefix its model expects before a passage")
    rerank_base_url: str = Field("", description="Endpoint that re-ranks the passages a search found; empty: none")
    rerank_model: str = Field("", description="Model at RERANK_BASE_URL")
    rerank_api_key: Key = Field("", repr=False, description="Its API key, if it needs one")
    host: str = Field("127.0.0.1", description="Address to listen on")
    ui_port: int = Field(UI_PORT, ge=0, le=65535, description="Port of the page")
    mcp_port: int = Field(MCP_PORT, ge=0, le=65535, description="Port of the tool servers")
    # After the ports: the first invalid setting is the one reported, and these depend on those.
    public_mcp_url: str = Field(
        description="URL at which clients reach the tool servers; default: this machine, MCP_PORT"
    )
    public_ui_url: str = Field(description="URL at which browsers reach the page; default: this machine, UI_PORT")
    model1_base_url: str = Field("", description="Model slice 1; empty: the one in models.toml")
    model2_base_url: str = Field("", description="Model slice 2; empty: the one in models.toml")
    model1_name: str = Field("", description="Name of the model on slice 1; empty: the one in models.toml")
    model2_name: str = Field("", description="Name of the model on slice 2; empty: the one in models.toml")
    llm_provider: str = Field("", description="Provider for every role, a name of `shopdesk models presets`")
    llm_model: str = Field("", description="Model there; empty: the preset's own")
    base_url: str = Field("", description="Any endpoint for every role, up to and including /v1")
    model: str = Field("", description="Model at BASE_URL")
    api_key: Key = Field("", repr=False, description="Key for BASE_URL or LLM_PROVIDER, if it needs one")
    openai_api_key: Key = Field("", repr=False, description="Key for OpenAI; alone, it serves every role")
    anthropic_api_key: Key = Field("", repr=False, description="Key for Anthropic; alone, it serves every role")
    mock_llm: StandIn = Field("auto", description="Stand-in for models: auto, true, false, or bridge while they load")
    turn_deadline_s: float = Field(90, gt=0, le=100, description="Longest a customer waits for an answer, in seconds")
    router_margin: float = Field(
        0.2, ge=0, le=1, description="How much likelier than the next a specialist is for the choice to count as sure"
    )
    registration: Registration = Field("verified", description="Who may register: nobody, buyers, or everybody")
    trusted_front_header: str = Field(
        "X-OpenWebUI-User-Email", min_length=1, description="Header in which a trusted front's key names its customer"
    )
    debug_mode: bool | None = Field(
        None, description="Whether customers see the team's steps; unset: only in the demo shop"
    )
    assistant_mcp: bool = Field(
        False, description="Whether MCP clients of staff have the tools of `assistant` at /assistant/mcp"
    )
    visitors: bool = Field(True, description="Whether people who have not logged in may chat")
    shopdesk_token: str = Field("", description="Token of the caller over stdio; empty: the machine's owner, as staff")
    shopdesk_read_only: bool = Field(False, description="Whether the tool servers hide every tool that writes")
    shopdesk_toolset: Toolset = Field(EVERYTHING, description="Which tools the tool servers offer")
    delivery_days: DeliveryDays = Field(
        "USA=2+5, 대한민국=2+5, *=2+14", description="Most business days to pack and to arrive, by country; or none"
    )
    shop_holidays: Holidays = Field("", description="Days that are no business days, such as 2026-12-25, 2027-01-01")
    shop_timezone: TimeZone = Field("UTC", description="Time zone of the shop's dates, such as Asia/Seoul")
    picture_folders: Folders = Field(
        "", description=f"Folders whose pictures a client may name by path over stdio, separated by {os.pathsep}"
    )
    confirm_by: Literal["", "link", "token"] = Field(
        "",
        description="How clients that cannot show a question confirm: link or token; empty: by link, over stdio by "
        "token where the page does not answer",
    )
    confirm_tokens: bool | None = Field(None, description="The earlier name: true is CONFIRM_BY=token, false link")
    oidc_issuer: str = Field("", description="External issuer of tokens for the tools; empty: the page issues them")
    oidc_audience: str = Field("", description="Audience of its tokens; empty: the tool server's address")
    oidc_customer_claim: str = Field(
        "email", description="Its claim that names the customer: email, or one with the id"
    )
    oidc_staff: str = Field("", description="Its claim that marks staff, such as groups=shop-staff; empty: nobody")
    calls_per_minute: int = Field(600, ge=0, description="Tool calls per caller per minute; 0: no limit")
    calls_at_once: int = Field(32, ge=1, description="Tool calls that one server handles at once")
    mcp_sessions: int = Field(60, ge=0, description="MCP sessions per caller; 0: no limit")
    mcp_session_idle_s: float = Field(1800, gt=0, description="Idle time after which an MCP session ends, in seconds")
    conversations_per_minute: int = Field(
        60, ge=0, description="Conversations a person may start per minute; 0: no limit"
    )
    messages_per_minute: int = Field(
        60, ge=0, description="Messages and pictures a person may send per minute; 0: no limit"
    )
    turns_at_once: int = Field(8, ge=0, description="Conversations of one person answered at once; 0: no limit")
    picture_mb_per_day: int = Field(50, ge=0, description="Pictures stored per person per day, in MB; 0: no limit")
    request_wait_s: float = Field(5, gt=0, description="Timeout for a request to arrive, in seconds")
    trusted_proxies: Networks = Field(
        "", description="Addresses and networks of proxies whose X-Forwarded-For is trusted"
    )
    log_level: LogLevel = Field("INFO", description="Least level that is logged: DEBUG, INFO, WARNING or ERROR")
    otel_exporter_otlp_endpoint: str = Field(
        "", description="OTLP/HTTP collector for traces, such as http://localhost:4318; empty: no traces"
    )
    trace_text: bool = Field(False, description="Whether traces contain what customers and models say")
    trace_days: int = Field(
        30, ge=0, description="Days for which staff can look into turns, prompts included, on /traces; 0: none are kept"
    )
    trace_masked: bool = Field(
        False, description="Whether emails, phone and card numbers, names and addresses are masked in what is kept"
    )
    shopdesk_container: str = Field("", description="Container this runs in, for MCP clients outside of it")
    shopdesk_secret: str = Field("", description="Key that signs tokens; empty: generated in SHOPDESK_HOME")

    @model_validator(mode="before")
    @classmethod
    def _addresses_follow_ports(cls, values: dict[str, object]) -> dict[str, object]:
        here = "http://127.0.0.1"
        addresses = {
            "public_mcp_url": f"{here}:{values.get('mcp_port', MCP_PORT)}",
            "public_ui_url": f"{here}:{values.get('ui_port', UI_PORT)}",
        }
        return addresses | {name: value for name, value in values.items() if value or name not in addresses}

    @field_validator(*ADDRESSES)
    @classmethod
    def _is_http(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("it is not an http:// or https:// address")
        _ = urlsplit(value).port  # Raises ValueError if it is not a number.
        return value.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("mock_llm", mode="before")
    @classmethod
    def _yes_or_no(cls, value: object) -> object:
        return {"1": "true", "0": "false"}.get(str(value).lower(), str(value).lower())

    @field_validator("embeddings_model", "rerank_model")
    @classmethod
    def _names_a_model(cls, value: str, known: ValidationInfo) -> str:
        address = f"{str(known.field_name).removesuffix('_model')}_base_url"
        if known.data.get(address) and not value:
            raise ValueError("the endpoint needs a model name")
        if value and not known.data.get(address, "unusable"):
            raise ValueError("it needs an endpoint, and none is set")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        # Its keys are trusted as received, so the connection must be secure.
        if value and urlsplit(value).scheme != "https" and urlsplit(value).hostname not in {"127.0.0.1", "localhost"}:
            raise ValueError("it is not an https:// address")
        return value

    @field_validator("oidc_staff")
    @classmethod
    def _is_claim_and_value(cls, value: str) -> str:
        if value and not all(value.partition("=")):
            raise ValueError("it is not a claim and its value, such as groups=shop-staff")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
            raise ValueError("it must start with sqlite+aiosqlite:// or postgresql+asyncpg://")
        return value

    @field_validator("shopdesk_home")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @property
    def database(self) -> str:
        """The database's URL."""
        # A folder's name may hold what means something in an address, such as % or ?.
        return self.database_url or f"sqlite+aiosqlite:///{quote(str(self.shopdesk_home / 'shop.db'))}"

    @property
    def trusted_networks(self) -> list[str]:
        """The networks of trusted proxies."""
        return self.trusted_proxies.split(", ") if self.trusted_proxies else []

    @property
    def allowed_picture_folders(self) -> list[Path]:
        """The folders of PICTURE_FOLDERS."""
        return [Path(one) for one in self.picture_folders.split(os.pathsep) if one]

    @property
    def yes_by(self) -> Literal["link", "token"] | None:
        """How clients that cannot be asked confirm, if the owner chose; CONFIRM_BY wins over its earlier name."""
        if self.confirm_by or self.confirm_tokens is None:
            return self.confirm_by or None
        return "token" if self.confirm_tokens else "link"

    @property
    def token_issuer(self) -> str:
        """Who issues tokens to programs: the page, or an external issuer."""
        return self.oidc_issuer or self.public_ui_url

    @cached_property
    def secret(self) -> str:
        """The key that signs tokens and seals questions; generated once, readable only by its owner."""
        return self.shopdesk_secret or kept_secret(self.shopdesk_home / "secret.key")


def secret_named(variable: str) -> str:
    """Return the value of the environment variable that models.toml names for an API key, or an empty string."""
    return os.environ.get(variable, "") if variable else ""


def read_env_file(file: Path) -> None:
    """Put what a `.env` file says into the environment, which wins where it says something itself.

    Not only for settings: models.toml names variables with API keys, and OpenTelemetry's SDK reads its own.

    Raises:
        EnvFileError: a line of it cannot be read; the message names the file and the line.
    """
    try:
        for name, value in pairs_in(file.read_bytes()).items():
            os.environ.setdefault(name, value)
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise EnvFileError(file, f"it cannot be read: {error}") from error
    except NotALineError as error:
        raise EnvFileError(file, str(error)) from error


def load_settings(env_file: Path | None = ENV_FILE, **told: object) -> Settings:
    """Read the environment and the `.env` file in the working folder; command-line options override both.

    Args:
        env_file: the file, if there is one; None to read none, where the working folder is somebody else's choice.
        told: the options.

    Raises:
        EnvFileError: a line of the file cannot be read.
        SettingsError: a value is invalid; the message names it and says how to fix it.
    """
    if env_file is not None:
        read_env_file(env_file)
    try:
        return Settings(**told)  # type: ignore[arg-type]  # each is validated, which is what this asks for
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "environment"
        raise SettingsError(name, first["msg"].removeprefix("Value error, ").lower()) from error
