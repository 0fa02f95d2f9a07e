"""`/openapi.json`: every route, made of the tools' own schemas, so that a new tool server is in it by itself."""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from team.tools.servers import ShopTool
from ui.assistant.described import DESCRIBED as OF_STAFF
from ui.parts import parts_of
from ui.rest.calling import every_tool, scope_of
from ui.rest.described import DESCRIBED, Described
from ui.rest.schemas import ANY_OBJECT, NAMED, TEXT, Schema, body_schema, hoisted, ref
from ui.rest.table import FRIENDLY, Friendly
from ui.rest.tools import asks
from ui.screens.screen import screen

JSON = "application/json"
IN_PATH = re.compile(r"\{(\w+)\}")
TEXTS = {
    400: "The body or a parameter has another shape.",
    401: "No key, token or login, or one that is no longer valid.",
    403: "Not allowed for this caller.",
    404: "There is none, or it is somebody else's.",
    408: "The request did not arrive in time.",
    409: "Refused by a rule of the shop, or something else is going on.",
    410: "Expired.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "An argument is missing, unknown or not valid.",
    429: "Too much at once; see Retry-After.",
    502: "An error on the tools' side.",
    503: "Something the answer needs does not answer.",
}
OF_BODIES = (400, 408, 413, 415)
OF_TOOLS = (401, 403, 404, 409, 422, 429, 502, 503)
KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again within 24 hours with the same body, it is answered the same and not done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (`shopdesk token --api-key`), or an access token of /auth/login.",
    },
    "cookie": {"type": "apiKey", "in": "cookie", "name": "shopdesk_login", "description": "The page's own login."},
}


async def document(request: Request) -> Response:
    """Return the document, which needs no login."""
    tools = await every_tool(parts_of(request).tool_servers)
    return JSONResponse(document_of(tools, parts_of(request).settings.public_ui_url))


async def docs(_: Request) -> Response:
    """Return the page that shows the document."""
    return screen("docs")


def document_of(tools: Mapping[str, ShopTool], address: str) -> dict[str, Any]:
    """Return the OpenAPI document of a shop with these tools."""
    components: dict[str, Any] = dict(NAMED)
    paths: dict[str, dict[str, Any]] = {}
    for row in FRIENDLY:
        found = tools.get(row.tool.partition(".")[2])
        if found is not None:
            paths.setdefault(row.path, {})[row.method.lower()] = _friendly(row, found, components)
    for route in (*DESCRIBED, *OF_STAFF):
        paths.setdefault(route.path, {})[route.method.lower()] = _described(route, components)
    for tool in tools.values():
        paths[f"/tools/{tool.server}/{tool.tool.name}"] = {"post": _tool(tool, components)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Shopdesk",
            "version": version("shopdesk"),
            "description": "An online shop's service desk. Changes that ask first answer 202 with a link, on which the "
            "person they are for says yes or no. Every error is `{error, code}`.",
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": SECURITY},
    }


def _tool(tool: ShopTool, components: dict[str, Any]) -> dict[str, Any]:
    listed, name = tool.tool, tool.tool.name
    body = hoisted(listed.input_schema, name, components) | {"additionalProperties": False}
    return {
        "operationId": f"{tool.server}.{name}",
        "tags": [tool.server],
        "summary": listed.title or name,
        "description": _told(listed.description or "", tool),
        "security": _security(tool),
        "parameters": [KEY_PARAMETER],
        "requestBody": _json_body(body, required=bool(body.get("required"))),
        "responses": _answers(tool, _output(tool, components), (*OF_BODIES, *OF_TOOLS)),
    }


def _friendly(row: Friendly, tool: ShopTool, components: dict[str, Any]) -> dict[str, Any]:
    fields, required = _fields(row, tool)
    in_path = set(IN_PATH.findall(row.path))
    reads = row.method == "GET"
    parameters = [
        _parameter(name, schema, place="path" if name in in_path else "query", required=name in in_path | required)
        for name, schema in fields.items()
        if reads or name in in_path
    ]
    operation: dict[str, Any] = {
        "operationId": f"{row.method.lower()}{re.sub(r'[^a-z]+', '_', row.path)}".strip("_"),
        "tags": [row.path.split("/")[1]],
        "summary": row.tells,
        "description": _told(f"The tool `{row.tool}`: {tool.tool.description}", tool),
        "security": _security(tool),
        "parameters": parameters if reads else [*parameters, KEY_PARAMETER],
        "responses": _answers(
            tool, _selected(row, _output(tool, components)), OF_TOOLS if reads else (*OF_BODIES, *OF_TOOLS)
        ),
    }
    if not reads:
        body = {name: schema for name, schema in fields.items() if name not in in_path}
        operation["requestBody"] = _body(row, body, sorted(required - in_path))
    return operation


def _fields(row: Friendly, tool: ShopTool) -> tuple[dict[str, Schema], set[str]]:
    """Return the fields of a route, and which of them are needed."""
    schema = tool.tool.input_schema
    fields = {row.field_of(name): dict(one) for name, one in schema.get("properties", {}).items()}
    needed = set(schema.get("required", ())) - {name for name, words in row.words.items() if words.kept}
    needed -= {row.picture} | ({"subject"} if row.subject is not None else set())
    for argument, words in row.words.items():
        name = row.field_of(argument)
        taken = ", ".join(f"`{word}`" for word in fields[name].pop("enum", ()))
        fields[name].pop("default", None)
        fields[name]["description"] = f"Any words; {taken} are taken as they are, others as `{words.otherwise}`."
    return fields, {row.field_of(name) for name in needed}


def _body(row: Friendly, fields: dict[str, Schema], required: list[str]) -> dict[str, Any]:
    schema: Schema = {"type": "object", "properties": fields, "additionalProperties": False}
    if not row.picture:
        return _json_body(schema | ({"required": required} if required else {}), required=bool(required))
    data_url = {**TEXT, "description": "A data URL: data:image/png;base64,…"}
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    needed = {"required": required} if required else {}
    forms = {
        JSON: {"schema": {**schema, **needed, "properties": {**fields, "image": data_url}}},
        "multipart/form-data": {"schema": {**schema, **needed, "properties": {**fields, "file": file}}},
    }
    return {"required": True, "content": forms}


def _described(route: Described, components: dict[str, Any]) -> dict[str, Any]:
    parameters = [_parameter(name, TEXT, place="path", required=True) for name in IN_PATH.findall(route.path)]
    parameters += [
        _parameter(name, {**TEXT, "description": tells}, place="query", required=False) for name, tells in route.query
    ]
    by = ["cookie"] if route.cookie_only else ["bearer", "cookie"]
    name = f"{route.method.lower()}{re.sub(r'[^a-z]+', '_', route.path)}".strip("_")
    answer = _answer(route, name, components)
    errors = {
        *route.errors,
        *((409, 422) if route.repeats else ()),
        *(OF_BODIES if route.method == "POST" else (400,)),
        403,
        401,
        503,
    } - {route.status, *route.also}
    operation: dict[str, Any] = {
        "operationId": name,
        "tags": [route.tag],
        "summary": route.tells,
        "security": [] if route.is_open else [{scheme: []} for scheme in by],
        "parameters": [*parameters, KEY_PARAMETER] if route.repeats else parameters,
        "responses": {**{str(status): answer for status in (route.status, *route.also)}, **_errors(errors)},
    }
    if route.body is not None:
        schema = body_schema(route.body, components)
        operation["requestBody"] = _json_body(schema, required=not route.body_optional)
    return operation


def _answer(route: Described, name: str, components: dict[str, Any]) -> dict[str, Any]:
    if route.answer is None:
        return {"description": route.tells}
    schema = route.answer
    if isinstance(schema, TypeAdapter):
        shape = schema.json_schema()
        schema = hoisted(shape, shape.get("title", name), components)
    return {
        "description": route.tells,
        "content": {route.media_type: {"schema": schema} if route.media_type == JSON else {}},
    }


def _parameter(name: str, schema: Schema, *, place: str, required: bool) -> dict[str, Any]:
    plain = {key: value for key, value in schema.items() if key != "description"}
    tells = {"description": schema["description"]} if "description" in schema else {}
    if place == "path":
        plain |= {"minLength": plain.get("minLength", 1)}
    return {"name": name, "in": place, "required": required, "schema": plain, **tells}


def _json_body(schema: Schema, *, required: bool) -> dict[str, Any]:
    return {"required": required, "content": {JSON: {"schema": schema}}}


def _answers(tool: ShopTool, output: Schema, errors: Iterable[int]) -> dict[str, Any]:
    answers = {"200": {"description": "The tool's result.", "content": {JSON: {"schema": output}}}}
    if asks(tool):
        answers["202"] = {
            "description": "A question for the person: nothing is changed yet.",
            "content": {JSON: {"schema": ref("Question")}},
        }
    return {**answers, **_errors(errors)}


def _errors(statuses: Iterable[int]) -> dict[str, Any]:
    return {
        str(status): {"description": TEXTS[status], "content": {JSON: {"schema": ref("Error")}}}
        for status in sorted(statuses)
    }


def _output(tool: ShopTool, components: dict[str, Any]) -> Schema:
    schema = tool.tool.output_schema
    return ANY_OBJECT if schema is None else hoisted(schema, tool.tool.name, components)


def _selected(row: Friendly, output: Schema) -> Schema:
    if not row.fields:
        return output
    kept = {name: one for name, one in output.get("properties", {}).items() if name in row.fields}
    required = [name for name in output.get("required", ()) if name in kept]
    return {"type": "object", "properties": kept, "required": required}


def _told(description: str, tool: ShopTool) -> str:
    asking = " It asks first: the answer is 202 with a link for the person." if asks(tool) else ""
    return f"{description}{asking} Needs the scope `{scope_of(tool)}`."


def _security(tool: ShopTool) -> list[dict[str, list[str]]]:
    return [{"bearer": [scope_of(tool)]}, {"cookie": []}]


ROUTES = [Route("/openapi.json", document), Route("/docs", docs)]
