// A program of somebody else's: lists the tools, reads an order, cancels it by answering the shop's question, and prints
// what it saw. Run as `node client.mjs SDK ADDRESS`: SDK is v1 (2025-11-25) or v2 (2026-07-28) of the TypeScript SDK,
// ADDRESS a URL, with the bearer token in TOKEN, or a command that speaks over stdio. With OPENS it shows no questions, and
// opens addresses instead.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , sdk, address] = process.argv;
const order = { order_id: "#W1042" };
const asked = [];
const opened = [];
const addresses = { elicitation: { url: {} } };
const installed = createRequire(`${process.env.NODE_PROGRAMS}/`);
const load = (name) => import(pathToFileURL(installed.resolve(name)));
const answer = ({ params }) => {
  asked.push(params.message);
  opened.push(...(params.url ? [params.url] : []));
  return params.url ? { action: "accept" } : { action: "accept", content: { confirm: true } };
};

async function older() {
  const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
  const { StreamableHTTPClientTransport } = await load("@modelcontextprotocol/sdk/client/streamableHttp.js");
  const { StdioClientTransport } = await load("@modelcontextprotocol/sdk/client/stdio.js");
  const { ElicitRequestSchema } = await load("@modelcontextprotocol/sdk/types.js");
  const client = new Client({ name: "tests", version: "1" }, { capabilities: process.env.OPENS ? addresses : { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, answer);
  return { client, StreamableHTTPClientTransport, StdioClientTransport };
}

async function newer() {
  const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");
  const { StdioClientTransport } = await load("@modelcontextprotocol/client/stdio");
  const client = new Client(
    { name: "tests", version: "1" },
    { capabilities: process.env.OPENS ? addresses : { elicitation: { form: {} } }, versionNegotiation: { mode: "auto" } },
  );
  client.setRequestHandler("elicitation/create", answer);
  return { client, StreamableHTTPClientTransport, StdioClientTransport };
}

const { client, StreamableHTTPClientTransport, StdioClientTransport } = await (sdk === "v1" ? older() : newer());
const headers = { Authorization: `Bearer ${process.env.TOKEN}` };
const transport = address.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } })
  : new StdioClientTransport({ command: address, args: ["mcp"], env: process.env });
await client.connect(transport);
const { tools } = await client.listTools();
const read = await client.callTool({ name: "get_order", arguments: order });
const cancelled = await client.callTool({
  name: "cancel_order",
  arguments: { ...order, reason: "no longer needed" },
});
// The older SDK tells its transport the protocol, and only over HTTP.
const protocol = sdk === "v1" ? transport.protocolVersion ?? null : client.getNegotiatedProtocolVersion();
await client.close();
console.log(
  JSON.stringify({
    protocol,
    tools: Object.fromEntries(tools.map((tool) => [tool.name, Object.keys(tool.inputSchema.properties).sort()])),
    order: read.structuredContent,
    asked,
    opened,
    cancelled: cancelled.structuredContent,
  }),
);
