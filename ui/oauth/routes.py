"""OAuth over HTTP: discovery of the shop's authorization server, registration, authorization and tokens."""

import json
from collections.abc import Awaitable, Callable

from mcp.server.auth.handlers.authorize import AuthorizationHandler
from mcp.server.auth.handlers.metadata import MetadataHandler
from mcp.server.auth.handlers.register import RegistrationHandler
from mcp.server.auth.handlers.token import TokenHandler
from mcp.server.auth.middleware.client_auth import AuthenticationError, ClientAuthenticator
from mcp.server.auth.routes import cors_middleware
from mcp.server.auth.settings import ClientRegistrationOptions
from mcp.shared.auth import OAuthMetadata
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import Sessions
from storage.process.addresses import address_of
from storage.settings import Settings
from storage.words.languages import LANGUAGES
from ui.guards import OAUTH_POSTS
from ui.oauth import consent as oauth_consent
from ui.oauth.clients import METHODS, may_be_sent_to
from ui.oauth.described import BadDescriptionError, is_described, is_known, meet
from ui.oauth.provider import ShopProvider
from ui.oauth.refused import refusal, shown_here
from ui.parts import parts_of

METADATA = "/.well-known/oauth-authorization-server"
TOKEN, REGISTER, REVOKE = OAUTH_POSTS
Endpoint = Callable[[Request], Awaitable[Response]]


def oauth_routes(settings: Settings, sessions: Sessions) -> list[Route]:
    """Return the routes of the shop's own authorization server; none if an external issuer is trusted."""
    if settings.oidc_issuer:
        return []
    provider = ShopProvider(settings, sessions)
    authenticator = ClientAuthenticator(provider)
    metadata = MetadataHandler(OAuthMetadata.model_validate(_metadata(settings.public_ui_url)))
    registration = RegistrationHandler(provider, ClientRegistrationOptions(enabled=True))
    posts = {
        TOKEN: TokenHandler(provider, authenticator).handle,
        REGISTER: _limited(registration.handle),
        REVOKE: _revoking(provider, authenticator),
    }
    authorize = _telling_here(AuthorizationHandler(provider).handle, settings.public_ui_url)
    return [
        Route(METADATA, cors_middleware(metadata.handle, ["GET", "OPTIONS"]), methods=["GET", "OPTIONS"]),
        Route("/authorize", authorize, methods=["GET"]),
        *(
            Route(path, cors_middleware(handle, ["POST", "OPTIONS"]), methods=["POST", "OPTIONS"])
            for path, handle in posts.items()
        ),
        *oauth_consent.ROUTES,
    ]


def _metadata(issuer: str) -> dict[str, object]:
    methods = sorted(METHODS)
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}{TOKEN}",
        "registration_endpoint": f"{issuer}{REGISTER}",
        "revocation_endpoint": f"{issuer}{REVOKE}",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "client_id_metadata_document_supported": True,
        "ui_locales_supported": list(LANGUAGES),
    }


def _limited(handle: Endpoint) -> Endpoint:
    async def register(request: Request) -> Response:
        """Register a program; the number per address is limited."""
        parts_of(request).registrations_by_address.take(address_of(request.scope))
        # Check them as written, since parsing normalises them.
        if not all(map(may_be_sent_to, _redirects_in(await request.body()))):
            description = "A redirect address has a fragment, a user, a backslash or another unusual character."
            return JSONResponse({"error": "invalid_redirect_uri", "error_description": description}, status_code=400)
        return await handle(request)

    return register


def _redirects_in(body: bytes) -> list[str]:
    """Return the redirect addresses in a registration; the handler rejects malformed ones."""
    try:
        metadata = json.loads(body)
    except ValueError:
        return []
    redirects = metadata.get("redirect_uris") if isinstance(metadata, dict) else None
    return [each for each in redirects if isinstance(each, str)] if isinstance(redirects, list) else []


def _telling_here(handle: Endpoint, issuer: str) -> Endpoint:
    async def authorize(request: Request) -> Response:
        """Send the browser to the consent page, or show on the shop's own page what is wrong."""
        asked = request.query_params.get("redirect_uri")
        # Check it as written, since parsing normalises it.
        if asked is not None and not may_be_sent_to(asked):
            return refusal("invalid_request", "No browser is sent to such a redirect_uri.")
        try:
            await _meet(request)
        except BadDescriptionError as error:
            return refusal("invalid_client", str(error))
        response = await handle(request)
        leads_to_consent = response.headers.get("location", "").startswith(f"{issuer}/consent?")
        return response if leads_to_consent else shown_here(response)

    return authorize


async def _meet(request: Request) -> None:
    """Fetch the description of a program whose client id is its address; how many an address may name is limited.

    Raises:
        BadDescriptionError: it cannot be used.
    """
    parts, client_id = parts_of(request), request.query_params.get("client_id", "")
    if is_described(client_id) and not await is_known(parts.sessions, client_id):
        parts.registrations_by_address.take(address_of(request.scope))
        await meet(parts.sessions, parts.network, client_id)


def _revoking(provider: ShopProvider, authenticator: ClientAuthenticator) -> Endpoint:
    # The SDK's own handler rejects clients without a secret, which most desktop programs are.
    async def revoke(request: Request) -> Response:
        """Revoke a refresh token's grant (RFC 7009); an unknown token is not an error."""
        try:
            client = await authenticator.authenticate_request(request)
        except AuthenticationError as error:
            return JSONResponse({"error": "invalid_client", "error_description": error.message}, status_code=401)
        token = await provider.load_refresh_token(client, str((await request.form()).get("token", "")))
        if token is not None:
            await provider.revoke_token(token)
        return JSONResponse({})

    return revoke
