"""The shop as an OAuth authorization server: what the SDK's handlers ask about clients, codes and tokens."""

import re

from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    AuthorizeError,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    TokenError,
)
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from pydantic import AnyUrl

from storage.db import Sessions, writing
from storage.people.oauth_clients import add_client, find_client
from storage.people.oauth_grants import (
    OAuthGrant,
    end_grant,
    find_grant,
    find_grant_by_code,
    new_refresh_token,
    replace_refresh,
)
from storage.settings import Settings
from ui.oauth.clients import client_secret, kept, known
from ui.oauth.requests import ConsentRequest, seal
from ui.oauth.resources import chosen_scopes, scopes_at
from ui.oauth.tokens import ACCESS_S, access_token

# RFC 7636 §4.2: a SHA-256 in base64url.
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
LONGEST_STATE = 2_000


class GrantCode(AuthorizationCode):
    """A code, with the grant it stands for."""

    grant_id: str


class GrantRefresh(RefreshToken):
    """A refresh token, with the grant it renews."""

    grant_id: str


class ShopProvider(OAuthAuthorizationServerProvider[GrantCode, GrantRefresh, AccessToken]):
    """Uses only the database, so that any replica can serve any step."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self._settings = settings
        self._sessions = sessions

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        """Return a registered program."""
        async with self._sessions() as session:
            client = await find_client(session, client_id)
        return None if client is None else known(client, self._settings.secret)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        """Store a program that registers itself, and give it its secret.

        Raises:
            RegistrationError: this shop does not accept its description.
        """
        client = kept(client_info)
        if client.auth_method != "none":
            client_info.client_secret = client_secret(self._settings.secret, client.id)
        async with writing(self._sessions) as session:
            await add_client(session, client)

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        """Return the URL of the consent page for a program's request.

        Raises:
            AuthorizeError: it asks for what the shop does not have, or without PKCE.
        """
        if not CHALLENGE.fullmatch(params.code_challenge) or len(params.state or "") > LONGEST_STATE:
            raise AuthorizeError("invalid_request", "Send an S256 code_challenge, and a short state.")
        resource = (params.resource or "").removesuffix("/")
        known_there = await scopes_at(self._settings, resource)
        scopes = chosen_scopes(known_there, params.scopes or (client.scope or "").split())
        if client.scope and not set(scopes) <= set(client.scope.split()):
            raise AuthorizeError("invalid_scope", f"This client registered for these scopes: {client.scope}.")
        request = ConsentRequest(
            client_id=client.client_id,
            redirect_uri=str(params.redirect_uri),
            redirect_uri_given=params.redirect_uri_provided_explicitly,
            resource=resource,
            scopes=scopes,
            code_challenge=params.code_challenge,
            state=params.state,
        )
        return f"{self._settings.public_ui_url}/consent?request={seal(request, self._settings.secret)}"

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> GrantCode | None:
        """Return a program's code, used or not."""
        async with self._sessions() as session:
            grant = await find_grant_by_code(session, authorization_code)
        if grant is None or grant.client_id != client.client_id:
            return None
        return GrantCode(
            code=authorization_code,
            scopes=grant.scopes,
            expires_at=grant.expires_at.timestamp(),
            client_id=grant.client_id,
            code_challenge=grant.code_challenge,
            redirect_uri=AnyUrl(grant.redirect_uri),
            redirect_uri_provided_explicitly=grant.redirect_uri_given,
            resource=grant.resource,
            subject=grant.account_id,
            grant_id=grant.id,
        )

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: GrantCode
    ) -> OAuthToken:
        """Return the tokens for a code, once.

        Raises:
            TokenError: the code was used before, which ends its grant, or its account is gone.
        """
        return await self._renewed(client, authorization_code.grant_id, None, authorization_code.scopes)

    async def load_refresh_token(self, client: OAuthClientInformationFull, refresh_token: str) -> GrantRefresh | None:
        """Return a program's refresh token, even a replaced one; None if its grant has ended."""
        async with self._sessions() as session:
            grant = await find_grant(session, refresh_token.partition(".")[0])
        if grant is None or grant.client_id != client.client_id or grant.refresh_hash is None:
            return None
        return GrantRefresh(
            token=refresh_token,
            client_id=grant.client_id,
            scopes=grant.scopes,
            expires_at=int(grant.expires_at.timestamp()),
            resource=grant.resource,
            subject=grant.account_id,
            grant_id=grant.id,
        )

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: GrantRefresh, scopes: list[str]
    ) -> OAuthToken:
        """Return new tokens for a refresh token, once.

        Raises:
            TokenError: the token was replaced before, which ends the grant, or its account is gone.
        """
        return await self._renewed(client, refresh_token.grant_id, refresh_token.token, scopes)

    async def _renewed(
        self, client: OAuthClientInformationFull, grant_id: str, old: str | None, scopes: list[str]
    ) -> OAuthToken:
        new = new_refresh_token(grant_id)
        async with writing(self._sessions) as session:
            grant: OAuthGrant | None = await find_grant(session, grant_id)
            # Raised only after the transaction, so that ending a copied grant is committed.
            renewed = grant is not None and await replace_refresh(session, grant_id, old=old, new=new)
            token = await access_token(session, self._settings, grant, scopes) if grant and renewed else None
        if token is None:
            raise TokenError("invalid_grant", "It was used before or has ended. Ask the user to connect again.")
        return OAuthToken(
            access_token=token,
            expires_in=ACCESS_S,
            scope=" ".join(scopes),
            refresh_token=new if "refresh_token" in client.grant_types else None,
        )

    async def load_access_token(self, token: str) -> AccessToken | None:
        """Return nothing: the tool servers verify access tokens by themselves."""
        return None

    async def revoke_token(self, token: AccessToken | GrantRefresh) -> None:
        """End the grant of a refresh token."""
        if isinstance(token, GrantRefresh):
            async with writing(self._sessions) as session:
                await end_grant(session, token.grant_id)
