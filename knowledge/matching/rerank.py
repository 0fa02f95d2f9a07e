"""Re-ranking: a model behind an endpoint scores the best passages against the question and orders them."""

import logging
import math
import time
from collections.abc import Callable, Sequence

from pydantic import BaseModel, ValidationError

from knowledge.indexes.endpoint import Endpoint, EndpointAwayError, Patience
from storage.process.breaker import Breaker

PATIENCE = Patience(answer_s=3, altogether_s=3, tries=2)
REST_S = 10.0
"""After a failure no search waits for it so long; then one tries it."""

logger = logging.getLogger(__name__)


class Result(BaseModel):
    """How well one passage answers, by its position in the request."""

    index: int
    relevance_score: float


class Given(BaseModel):
    """The parts of the response that are used."""

    results: list[Result]


class Reranker:
    """A re-ranking model behind an endpoint that speaks `/v1/rerank` as vLLM, Jina and Cohere do."""

    def __init__(self, endpoint: Endpoint, model: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._endpoint = endpoint
        self._model = model
        self._breaker = Breaker(clock, failures=1, open_s=REST_S)

    async def find_scores(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """Return how well each text answers, or None if the model does not say in time; the log says why."""
        if not self._breaker.admits():
            return None
        try:
            scores = await self.scores(question, texts)
        except EndpointAwayError as error:
            self._breaker.failed()
            logger.warning("%s Passages keep the order of the search for the next %g seconds.", error, REST_S)
            return None
        self._breaker.worked()
        return scores

    async def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers, on the model's own scale.

        Raises:
            EndpointAwayError: it does not answer in time, rejects the request, or returns something else.
        """
        asked = {"model": self._model, "query": question, "documents": list(texts)}
        answer = await self._endpoint.ask("rerank", asked, PATIENCE)
        try:
            results = Given.model_validate_json(answer).results
        except ValidationError as error:
            raise self._unusable("its response is not a list of scores") from error
        scores = {result.index: result.relevance_score for result in results}
        if len(results) != len(texts) or sorted(scores) != list(range(len(texts))):
            raise self._unusable(f"{len(texts)} passages got {len(results)} scores")
        if not all(map(math.isfinite, scores.values())):
            raise self._unusable("its scores contain NaN or infinity")
        return [scores[place] for place in range(len(texts))]

    def _unusable(self, reason: str) -> EndpointAwayError:
        return self._endpoint.away(reason, "Correct RERANK_MODEL or RERANK_BASE_URL")
