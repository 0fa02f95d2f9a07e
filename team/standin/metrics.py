"""The metrics of one port, under the names vLLM uses."""

from dataclasses import dataclass

from team.standin.completion import Usage

FULL_CACHE_REQUESTS = 64

LINES = {
    "vllm:num_requests_running": ("gauge", "Number of requests in model execution batches."),
    "vllm:num_requests_waiting": ("gauge", "Number of requests waiting to be processed."),
    "vllm:kv_cache_usage_perc": ("gauge", "KV-cache usage. 1 means 100 percent usage."),
    "vllm:prompt_tokens_total": ("counter", "Number of prefill tokens processed."),
    "vllm:generation_tokens_total": ("counter", "Number of generation tokens processed."),
}


@dataclass
class Load:
    """What one model is doing now, and has done since the program started."""

    model: str
    running: int = 0
    prompt_tokens: int = 0
    generation_tokens: int = 0

    def count(self, usage: Usage) -> None:
        """Add one finished reply."""
        self.prompt_tokens += usage.prompt
        self.generation_tokens += usage.completion

    def exposition(self) -> str:
        """The Prometheus text of `/metrics`."""
        cache = min(1.0, self.running / FULL_CACHE_REQUESTS)
        values = [self.running, 0, cache, self.prompt_tokens, self.generation_tokens]
        return "".join(
            f'# HELP {name} {meaning}\n# TYPE {name} {kind}\n{name}{{model_name="{self.model}"}} {float(value)}\n'
            for (name, (kind, meaning)), value in zip(LINES.items(), values, strict=True)
        )
