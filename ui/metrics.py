"""What this process counted, in the text that Prometheus reads."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.endpoints import EndpointsError
from storage.process.metrics import exposition
from team.models.models import Models
from ui.parts import parts_of


async def metrics(request: Request) -> Response:
    """Tell the numbers of this process."""
    desk = parts_of(request).desk
    counted = desk.steps.metrics
    # Which endpoints there are, models.toml says at each moment.
    counted.left_alone.clear()
    for key, is_open in _breakers(desk.answering.models).items():
        counted.left_alone.labels(key).set(is_open)
    return exposition(counted.registry)


def _breakers(models: Models) -> dict[str, bool]:
    try:
        configured = models.endpoints
    except EndpointsError:
        return {}
    return {key: models.breaker(endpoint).is_open for key, endpoint in configured.endpoints.items()}


ROUTES = [Route("/metrics", metrics)]
