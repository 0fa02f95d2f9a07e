"""Every attribute that leaves a process with a span, by its name in OpenTelemetry's conventions, and in no other file.

The names of model, agent, tool and MCP calls are those of semantic-conventions-genai v0.1.0, the rest those of
semantic-conventions v1.40. `shopdesk.` marks what only this shop can say. An attribute that is not listed here is
dropped on its way out, whichever library set it: so a library's next release sends nothing of a customer.
"""

from typing import Final

OPERATION: Final = "gen_ai.operation.name"
PROVIDER: Final = "gen_ai.provider.name"
WORKFLOW: Final = "gen_ai.workflow.name"
CONVERSATION: Final = "gen_ai.conversation.id"
AGENT: Final = "gen_ai.agent.name"

MODEL: Final = "gen_ai.request.model"
STREAM: Final = "gen_ai.request.stream"
TEMPERATURE: Final = "gen_ai.request.temperature"
MAX_TOKENS: Final = "gen_ai.request.max_tokens"
RESPONSE_ID: Final = "gen_ai.response.id"
RESPONSE_MODEL: Final = "gen_ai.response.model"
FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
FIRST_CHUNK_S: Final = "gen_ai.response.time_to_first_chunk"
INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
CACHED_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"

TOOL: Final = "gen_ai.tool.name"
TOOL_CALL: Final = "gen_ai.tool.call.id"
PROMPT: Final = "gen_ai.prompt.name"

METHOD: Final = "mcp.method.name"
PROTOCOL: Final = "mcp.protocol.version"
JSONRPC_ID: Final = "jsonrpc.request.id"
JSONRPC_STATUS: Final = "rpc.response.status_code"

ERROR: Final = "error.type"
SERVER: Final = "server.address"
PORT: Final = "server.port"

TURN: Final = "shopdesk.turn.id"
STATUS: Final = "shopdesk.turn.status"
TROUBLE: Final = "shopdesk.turn.trouble"
MODEL_CALLS: Final = "shopdesk.turn.model_calls"
SPECIALIST: Final = "shopdesk.router.choice"
CHOSEN_BY: Final = "shopdesk.router.by"
SLICE: Final = "shopdesk.slice"
OUTCOME: Final = "shopdesk.outcome"
CALLER: Final = "shopdesk.caller"

DB_SYSTEM: Final = "db.system.name"
DB_OPERATION: Final = "db.operation.name"
DB_TABLE: Final = "db.collection.name"
DB_SUMMARY: Final = "db.query.summary"
DB_QUERY: Final = "db.query.text"

HTTP: Final = frozenset(
    {"http.request.method", "http.response.status_code", "http.route", "network.protocol.version", "url.scheme"}
)
"""Of a request without its address: a path may hold an order's id, a query anything, and an IP address is personal."""

INPUT: Final = "gen_ai.input.messages"
OUTPUT: Final = "gen_ai.output.messages"
TEXT: Final = frozenset({INPUT, OUTPUT})
"""What customers and models said: kept only where TRACE_TEXT says so."""

KEPT: Final = frozenset(
    {OPERATION, PROVIDER, WORKFLOW, CONVERSATION, AGENT}
    | {MODEL, STREAM, TEMPERATURE, MAX_TOKENS, RESPONSE_ID, RESPONSE_MODEL, FINISH_REASONS, FIRST_CHUNK_S}
    | {INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS, TOOL, TOOL_CALL, PROMPT}
    | {METHOD, PROTOCOL, JSONRPC_ID, JSONRPC_STATUS, ERROR, SERVER, PORT}
    | {TURN, STATUS, TROUBLE, MODEL_CALLS, SPECIALIST, CHOSEN_BY, SLICE, OUTCOME, CALLER}
    | {DB_SYSTEM, DB_OPERATION, DB_TABLE, DB_SUMMARY, DB_QUERY}
    | HTTP
)
"""What is kept of any span."""

CHAT: Final = "chat"
EXECUTE_TOOL: Final = "execute_tool"
INVOKE_WORKFLOW: Final = "invoke_workflow"
CREATE_AGENT: Final = "create_agent"
PLAN: Final = "plan"
TOOL_ERROR: Final = "tool_error"
OPENAI: Final = "openai"
"""The provider of any endpoint that speaks OpenAI's API, as the conventions have it."""
