"""Model endpoints and the roles that use them, as models.toml in SHOPDESK_HOME says."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storage.settings import CannotStartError, Settings

FILE = "models.toml"


class EndpointsError(CannotStartError):
    """The file of model endpoints is missing or cannot be used."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"{path} cannot be used: {problem}. Mend it, or delete it and run `shopdesk up` for a new one."
        )


class Endpoint(BaseModel):
    """Where one model answers, over the OpenAI API."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(description="Address, up to and including /v1")
    model: str = Field(description="Model name the endpoint serves")
    slice: int = Field(0, description="Slice of the GPU it runs on; 0: elsewhere")
    vision: bool = Field(True, description="Whether it takes images")
    api_key: str = Field("none", description="Key, where the endpoint asks for one")
    context_tokens: int = Field(16_384, gt=0, description="Longest prompt and reply together, in tokens")


class Role(BaseModel):
    """What one part of the team asks of a model, and which endpoint it asks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str = Field(description="Key of the endpoint")
    temperature: float = Field(0.0, ge=0, le=2)
    max_tokens: int = Field(1024, gt=0, description="Longest reply, in tokens")


class Endpoints(BaseModel):
    """All endpoints and roles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: dict[str, Endpoint]
    roles: dict[str, Role]

    def for_role(self, role: str) -> tuple[str, Endpoint, Role]:
        """Return the endpoint's key, the endpoint and the role's own limits."""
        wanted = self.roles[role]
        return wanted.endpoint, self.endpoints[wanted.endpoint], wanted


def load_endpoints(settings: Settings) -> Endpoints:
    """Read models.toml; MODEL1_BASE_URL and MODEL2_BASE_URL replace the addresses of slices 1 and 2.

    Raises:
        EndpointsError: the file is missing, is not TOML, or names an endpoint that it does not have.
    """
    path = settings.shopdesk_home / FILE
    try:
        found = Endpoints.model_validate(tomllib.loads(path.read_text()))
    except FileNotFoundError as error:
        raise EndpointsError(path, "it does not exist") from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise EndpointsError(path, str(error).replace("\n", " ")) from error
    for name, role in found.roles.items():
        if role.endpoint not in found.endpoints:
            raise EndpointsError(path, f"role {name} names the endpoint {role.endpoint}, which is not there")
    urls = {1: settings.model1_base_url, 2: settings.model2_base_url}
    moved = {
        key: endpoint.model_copy(update={"base_url": urls.get(endpoint.slice) or endpoint.base_url})
        for key, endpoint in found.endpoints.items()
    }
    return found.model_copy(update={"endpoints": moved})
