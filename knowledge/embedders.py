"""Which embedder a shop has: the offline one, unless the settings name an endpoint."""

from knowledge.embed import Embedder, OfflineEmbedder
from storage.settings import Settings


def embedder_of(settings: Settings) -> Embedder:
    """Return the shop's embedder."""
    if not settings.embeddings_base_url:
        return OfflineEmbedder()
    # Few shops need it.
    from knowledge.endpoint import Endpoint
    from knowledge.endpoint_embedder import EndpointEmbedder

    opening = "Policies cannot be searched or taken in: the endpoint for embeddings"
    endpoint = Endpoint(opening, "EMBEDDINGS", settings.embeddings_base_url, settings.embeddings_api_key)
    return EndpointEmbedder(endpoint, settings.embeddings_model)
