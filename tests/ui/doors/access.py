"""Who may use which route: the table that the authorization matrix walks. A new route gets its line here first."""

from collections.abc import Mapping
from enum import Enum

from ui.rest.table import FRIENDLY


class Ids(dict[str, str]):
    """What stands in a route's path: known ids by their parameters, and an id of nothing for all others."""

    def __missing__(self, name: str) -> str:
        return "x"


class Access(Enum):
    """Who a route serves."""

    OPEN = "anybody, whoever they say they are: the answer is the same"
    LOGOUT = "anybody but a key, which logs nobody out"
    PERSON = "anybody who says who they are, visitors too"
    MEMBER = "customers and staff, however they say so"
    ACCOUNT = "a login with a password, by cookie or token"
    STAFF = "staff, however they say so"
    COUNTER = "staff, and whoever is nobody yet and may log in there; a customer is refused"
    OWNER = "whoever began the conversation in its path; for all others it does not exist"
    PAGE = "a login on the page; whatever says by a header who it is, is refused"
    BUTTON = "whoever began the conversation in its path, on the page; what comes with a header is refused"
    ENDS = "as OWNER, and then it is gone: whoever comes next does not find it"
    READER = "the customer whose row is in its path, and staff; for all others it does not exist"


ACCESS: Mapping[str, Access] = {
    "GET /": Access.OPEN,
    "GET /static": Access.OPEN,
    "GET /health": Access.OPEN,
    "GET /metrics": Access.OPEN,
    "GET /words/{language}": Access.OPEN,
    "GET /policies/{policy_id}": Access.OPEN,
    "GET /api/policies/{policy_id}": Access.PERSON,
    "GET /api/conversations/{conversation_id}/orders/{order_id}": Access.OWNER,
    "GET /api/products/{product_id}": Access.PERSON,
    "GET /api/products/{product_id}/picture": Access.PERSON,
    "GET /api/events": Access.PERSON,
    "GET /api/steps": Access.PERSON,
    "GET /v1/models": Access.PERSON,
    "GET /v1/models/{model}": Access.PERSON,
    "POST /v1/chat/completions": Access.PERSON,
    "POST /v1/responses": Access.PERSON,
    "GET /consent": Access.OPEN,
    "GET /programs": Access.OPEN,
    "GET /.well-known/oauth-authorization-server": Access.OPEN,
    "GET /.well-known/ai-catalog.json": Access.OPEN,
    "GET /authorize": Access.OPEN,
    "POST /token": Access.OPEN,
    "POST /register": Access.OPEN,
    "POST /revoke": Access.OPEN,
    "POST /auth/login": Access.OPEN,
    "POST /auth/register": Access.OPEN,
    "POST /auth/refresh": Access.OPEN,
    "GET /auth/demo": Access.OPEN,
    "GET /auth/visit": Access.OPEN,
    "POST /auth/visit": Access.OPEN,
    "POST /auth/logout": Access.LOGOUT,
    "GET /auth/me": Access.PERSON,
    "POST /api/conversations": Access.PERSON,
    "GET /api/conversations": Access.PERSON,
    "GET /api/conversations/{conversation_id}": Access.OWNER,
    "POST /api/conversations/{conversation_id}/messages": Access.OWNER,
    "POST /api/conversations/{conversation_id}/confirmations/{question_id}": Access.BUTTON,
    "POST /api/conversations/{conversation_id}/stop": Access.OWNER,
    "GET /api/conversations/{conversation_id}/export": Access.OWNER,
    "GET /api/conversations/{conversation_id}/events": Access.OWNER,
    "GET /pictures": Access.OPEN,
    "POST /api/images": Access.MEMBER,
    "PATCH /api/conversations/{conversation_id}": Access.OWNER,
    "GET /api/conversations/{conversation_id}/thumbs": Access.OWNER,
    "PUT /api/conversations/{conversation_id}/thumbs/{seq}": Access.OWNER,
    "DELETE /api/conversations/{conversation_id}": Access.ENDS,
    "GET /api/images/{image_id}": Access.READER,
    "GET /api/consent": Access.ACCOUNT,
    "POST /api/consent": Access.ACCOUNT,
    "GET /api/programs": Access.ACCOUNT,
    "GET /api/connect": Access.ACCOUNT,
    "DELETE /api/programs/{id}": Access.ACCOUNT,
    "GET /traces": Access.OPEN,
    "GET /team": Access.OPEN,
    "GET /tasks": Access.OPEN,
    "GET /api/team": Access.STAFF,
    "GET /api/team/slices": Access.STAFF,
    "GET /api/team/live": Access.STAFF,
    "PUT /api/team/roles/{role}": Access.STAFF,
    "GET /api/traces": Access.STAFF,
    "GET /api/traces/figures": Access.STAFF,
    "GET /api/traces/{turn}": Access.STAFF,
    "GET /api/traces/{turn}/records/{record}": Access.STAFF,
    "GET /api/traces/{turn}/export": Access.STAFF,
    "GET /desk": Access.COUNTER,
    "GET /api/desk/queue": Access.STAFF,
    "GET /api/desk/chats": Access.STAFF,
    "GET /api/desk/canned": Access.STAFF,
    "GET /api/desk/gaps": Access.STAFF,
    "GET /api/desk/customers/{customer_id}": Access.STAFF,
    "GET /api/desk/orders/{order_id}": Access.STAFF,
    "GET /api/desk/tickets/{ticket_id}": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/take": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/release": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/status": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/notes": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/reply": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/resolve": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/give-back": Access.STAFF,
    "POST /api/desk/tickets/{ticket_id}/draft": Access.STAFF,
    "GET /api/desk/conversations/{conversation_id}": Access.STAFF,
    "POST /api/desk/conversations/{conversation_id}/take": Access.STAFF,
    "POST /api/traces/{turn}/replay": Access.STAFF,
    "POST /cooperation/task": Access.STAFF,
    "GET /cooperation/task": Access.STAFF,
    "GET /cooperation/task/{task_id}": Access.STAFF,
    "GET /cooperation/task/{task_id}/events": Access.STAFF,
    "POST /cooperation/task/{task_id}/cancel": Access.STAFF,
    "POST /cooperation/task/{task_id}/confirmations/{question_id}": Access.STAFF,
    "POST /service": Access.STAFF,
    "POST /assistant/mcp": Access.STAFF,
    "GET /healthz": Access.OPEN,
    "GET /ready": Access.OPEN,
    "GET /openapi.json": Access.OPEN,
    "GET /docs": Access.OPEN,
    "GET /status": Access.PERSON,
    "GET /models": Access.PERSON,
    "GET /tools": Access.PERSON,
    "POST /query": Access.STAFF,
    "GET /routing/stats": Access.STAFF,
    "POST /tools/{tool}": Access.PERSON,
    "POST /tools/{server}/{tool}": Access.PERSON,
    "GET /confirm/{id}": Access.OPEN,
    "POST /confirm/{id}": Access.PAGE,
    "GET /api/confirm/{id}": Access.PAGE,
    "GET /confirm/{id}/result": Access.PERSON,
    "GET /api/confirm/{id}/now": Access.PAGE,
    "GET /api/shop/{nonce}": Access.OPEN,
    "POST /chat": Access.PERSON,
    "POST /conversations": Access.PERSON,
    "GET /conversations": Access.PERSON,
    "GET /conversations/{conversation_id}": Access.OWNER,
    "POST /conversations/{conversation_id}/messages": Access.OWNER,
    "GET /conversations/{conversation_id}/messages": Access.OWNER,
    # What each of these shows to whom, the tool behind it decides: tests/ui/rest/test_friendly.py.
    **dict.fromkeys([f"{row.method} {row.path}" for row in FRIENDLY], Access.PERSON),
}
