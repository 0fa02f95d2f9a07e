"""How an endpoint is served, for `shopdesk models plan` and `models serve`: `[endpoints.NAME.serve]` of models.toml."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Quantization = Literal["none", "fp8", "awq"]
"""How a checkpoint keeps its weights: in 16, 8 or 4 bits."""


class Serving(BaseModel):
    """How many cards an endpoint has, how its model is divided among them, and what is loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: str = Field("", description="What is loaded, by name or folder; empty: the endpoint's `model`")
    tensor_parallel: int = Field(1, ge=1, description="Cards among which each layer is divided")
    pipeline_parallel: int = Field(1, ge=1, description="Cards, or groups of them, among which the layers are divided")
    data_parallel: int = Field(1, ge=1, description="Whole copies of the model")
    quantization: Quantization | None = Field(None, description="Which checkpoint; left out: the largest that fits")
    adapter: str = Field("", description="Folder of a LoRA adapter that is served under the endpoint's `model`")
    takes_turns: str = Field("", description="A name; endpoints with the same one share their cards and sleep in turn")

    @property
    def cards(self) -> int:
        """Return how many cards it takes."""
        return self.tensor_parallel * self.pipeline_parallel * self.data_parallel


ONE_CARD = Serving()
"""How an endpoint is served that says nothing of it."""
