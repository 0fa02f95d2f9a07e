"""The handbook as configured by the settings: which embedder searches it, and whether results are re-ranked."""

from typing import TYPE_CHECKING

from knowledge.indexes.embed import Embedder, OfflineEmbedder
from knowledge.search import Handbook
from storage.settings import Settings

if TYPE_CHECKING:
    from knowledge.matching.rerank import Reranker


def handbook_of(settings: Settings) -> Handbook:
    """Return the shop's handbook, which the first search opens."""
    return Handbook(settings.shopdesk_home, embedder_of(settings), settings.chroma_url, reranker_of(settings))


def embedder_of(settings: Settings) -> Embedder:
    """Return the shop's embedder: the offline one, unless the settings name an endpoint."""
    if not settings.embeddings_base_url:
        return OfflineEmbedder()
    # Few shops need it.
    from knowledge.indexes.endpoint import Endpoint
    from knowledge.indexes.endpoint_embedder import EndpointEmbedder

    opening = "Policies cannot be searched or ingested: the embeddings endpoint"
    endpoint = Endpoint(opening, "EMBEDDINGS_{}".format, settings.embeddings_base_url, settings.embeddings_api_key)
    before = settings.embeddings_question_prefix, settings.embeddings_passage_prefix
    return EndpointEmbedder(endpoint, settings.embeddings_model, *before)


def reranker_of(settings: Settings) -> "Reranker | None":
    """Return the re-ranker of the best passages, if the settings name an endpoint for it."""
    if not settings.rerank_base_url:
        return None
    # Few shops need it.
    from knowledge.indexes.endpoint import Endpoint
    from knowledge.matching.rerank import Reranker

    opening = "Policies are not re-ranked: the re-ranking endpoint"
    endpoint = Endpoint(opening, "RERANK_{}".format, settings.rerank_base_url, settings.rerank_api_key)
    return Reranker(endpoint, settings.rerank_model)
