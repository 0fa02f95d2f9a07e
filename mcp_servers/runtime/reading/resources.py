"""Resources, such as `order://W1042`: listed, paged and read with the caller's permissions."""

import base64
from collections.abc import Mapping, Sequence

from mcp.shared.uri_template import UriTemplate
from mcp.types import (
    BlobResourceContents,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult,
    ResourceTemplate,
    TextResourceContents,
)
from mcp.types import Resource as ListedResource
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.cursor import from_cursor, to_cursor
from mcp_servers.runtime.icons import icons_of
from mcp_servers.runtime.offers import CompletionFunction, Listed, Resource, text_in
from mcp_servers.runtime.reading.calls import Call
from mcp_servers.runtime.results import rendered, rendered_page
from mcp_servers.runtime.server import SERVER, ToolServer
from storage.db import Sessions, reading
from storage.errors import NotFoundError
from storage.tokens import Caller
from storage.words.languages import ENGLISH

PAGE = 50


class NoSuchResourceError(NotFoundError):
    """There is no such resource, or the caller lacks its scope; the text is the same for both."""

    def __init__(self) -> None:
        super().__init__("Unknown resource. resources/list and resources/templates/list show the available ones.")


class UnusableResourceError(TypeError):
    """A resource's URI and its function have different arguments, or two resources have the same URI."""

    def __init__(self, uri: str, problem: str) -> None:
        super().__init__(f"The resource {uri} cannot be offered: {problem}.")


class Offered:
    """A resource of one server, ready to be read."""

    def __init__(self, server: ToolServer, resource: Resource, sessions: Sessions) -> None:
        self.resource = resource
        self.template = UriTemplate.parse(resource.uri)
        self.call = Call(resource.read, sessions)
        self.icons = icons_of(server.icon) or None
        self.meta = {SERVER: server.name}
        self._scope = f"{server.name}:read"
        named, arguments = set(self.template.variable_names), self.call.arguments
        needed = {argument.name for argument in arguments if argument.default is argument.empty}
        if not needed <= named <= {argument.name for argument in arguments}:
            raise UnusableResourceError(resource.uri, "its URI and its function have different arguments")

    def allows(self, caller: Caller) -> bool:
        """Return whether this caller may list and read it."""
        return self._scope in caller.scopes

    @property
    def is_one(self) -> bool:
        """Whether the URI has no variables, so that it is a single resource and not a template."""
        return not self.template.variables

    def title(self, language: str) -> str:
        """Return how this kind of resource is called."""
        return text_in(self.resource.title, language)

    def description(self, caller: Caller) -> str:
        """Return what it is."""
        return text_in(self.resource.description, caller.language) or self.call.description

    def as_listed(self, item: Listed, caller: Caller) -> ListedResource:
        """Return the entry of one such resource in a list."""
        return ListedResource(
            uri=self.template.expand(item.values),
            name=item.title,
            title=item.title,
            description=self.description(caller),
            mime_type=self.resource.mime_type,
            icons=self.icons,
            _meta=self.meta,
        )

    def as_template(self, caller: Caller) -> ResourceTemplate:
        """Return the entry of its template in a list."""
        return ResourceTemplate(
            uri_template=self.resource.uri,
            name=self.title(ENGLISH),
            title=self.title(caller.language),
            description=self.description(caller),
            mime_type=self.resource.mime_type,
            icons=self.icons,
            _meta=self.meta,
        )

    async def read(self, caller: Caller, uri: str, given: Mapping[str, object]) -> ReadResourceResult:
        """Return the content."""
        read = await self.call(caller, given)
        shown = rendered(read)[1] if isinstance(read, BaseModel) else read
        if isinstance(read, str):
            shown = rendered_page(read)
        contents: TextResourceContents | BlobResourceContents
        if isinstance(shown, bytes):
            blob = base64.b64encode(shown).decode()
            contents = BlobResourceContents(uri=uri, mime_type=self.resource.mime_type, blob=blob)
        else:
            contents = TextResourceContents(uri=uri, mime_type=self.resource.mime_type, text=shown)
        return ReadResourceResult(contents=[contents], ttl_ms=self.resource.fresh_ms, cache_scope="private")


class Shelf:
    """Every resource of some servers."""

    def __init__(self, servers: Sequence[ToolServer], sessions: Sessions) -> None:
        self._sessions = sessions
        self._offered = [Offered(server, resource, sessions) for server in servers for resource in server.resources]
        addresses = [offered.resource.uri for offered in self._offered]
        for uri in addresses:
            if addresses.count(uri) > 1:
                raise UnusableResourceError(uri, "two resources have that URI")

    async def list(self, caller: Caller, cursor: str | None) -> ListResourcesResult:
        """Return a page of what this caller can read.

        Raises:
            BadCursorError: the cursor does not come from this list.
        """
        kind, after = _place(cursor)
        found: list[tuple[int, Listed]] = []
        async with reading(self._sessions) as session:
            for number, offered in enumerate(self._offered):
                if number >= kind and offered.allows(caller) and len(found) <= PAGE:
                    items = await _items(
                        offered, session, caller, after if number == kind else "", PAGE + 1 - len(found)
                    )
                    found += [(number, item) for item in items]
        page = found[:PAGE]
        next_cursor = to_cursor(page[-1][0], page[-1][1].position) if len(found) > PAGE else None
        return ListResourcesResult(
            resources=[self._offered[number].as_listed(item, caller) for number, item in page], next_cursor=next_cursor
        )

    def templates(self, caller: Caller) -> ListResourceTemplatesResult:
        """Return the templates of what this caller can read."""
        shown = [offered for offered in self._offered if offered.allows(caller) and not offered.is_one]
        return ListResourceTemplatesResult(resource_templates=[offered.as_template(caller) for offered in shown])

    async def read(self, caller: Caller, uri: str) -> ReadResourceResult:
        """Return what is at a URI.

        Raises:
            NotFoundError: there is nothing there that this caller can read.
        """
        for offered in self._offered:
            given = offered.template.match(uri)
            if given is not None and offered.allows(caller):
                return await offered.read(caller, uri, given)
        raise NoSuchResourceError

    def completions(self, caller: Caller, uri: str) -> Mapping[str, CompletionFunction]:
        """Return what completes the variables of a template.

        Raises:
            NoSuchResourceError: there is no such template for this caller.
        """
        for offered in self._offered:
            if offered.resource.uri == uri and offered.allows(caller):
                return offered.resource.completions
        raise NoSuchResourceError


def _place(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return 0, ""
    kind, after = from_cursor(cursor, int, str)
    return int(kind), str(after)


async def _items(offered: Offered, session: AsyncSession, caller: Caller, after: str, limit: int) -> Sequence[Listed]:
    if offered.resource.listed is not None:
        return await offered.resource.listed(session, caller, after, limit)
    return [Listed({}, offered.title(caller.language), "only")] if offered.is_one and not after else []
