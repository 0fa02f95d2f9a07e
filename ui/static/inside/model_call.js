// A model step, opened: what the model was sent, what it replied, with which parameters, how sure it was, and how fast.

import { call, told, url } from "../api.js";
import { copying } from "../copying.js";
import { el } from "../dom.js";
import { say, t } from "../i18n.js";
import { number, time } from "./frame.js";

const NO_PARAMETER = new Set(["messages", "tools"]);
const TOKENS_SHOWN = 60;

export function callOf(turn, data, isKept) {
  if (!data.record) return say("p.muted", "call_of_a_tool");
  if (!isKept) return say("p.muted", "call_not_kept");
  const inner = el("div.inner");
  const node = el("details.call", {}, say("summary", "call_open"), inner);
  node.addEventListener("toggle", () => {
    if (node.open && !inner.childElementCount) open(inner, turn, data.record).catch((error) => inner.append(told(error)));
  });
  return node;
}

async function open(inner, turn, record) {
  const path = url`/api/traces/${turn}/records/${record}`;
  const kept = await call("GET", path);
  const { request, reply, context } = kept;
  inner.replaceChildren(
    buttons(kept),
    section("call_context", contextOf(context, reply.usage)),
    section("call_prompt", ...(request.messages ?? []).map(message)),
    ...(request.tools ? [section("call_tools", ...request.tools.map(tool))] : []),
    section("call_reply", ...replyOf(reply)),
    section("call_parameters", parameters(request)),
    section("call_logprobs", logprobs(reply.logprobs)),
    section("call_measured", measured(kept)),
  );
}

function section(key, ...children) {
  return el("section", {}, say("h3", key), ...children);
}

function buttons(kept) {
  const button = (key, text) => copying(say("button", key), text);
  return el("div.buttons", {}, button("copy_curl", curlOf(kept)), button("copy_json", JSON.stringify(kept, null, 2)));
}

// For a shell: within single quotes only the quote itself means something. The key stays a variable.
export function curlOf({ url, request }) {
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  return `curl ${quoted(url)} -H 'Content-Type: application/json' -H "Authorization: Bearer $API_KEY" -d ${quoted(JSON.stringify(request))}`;
}

function contextOf(parts, usage) {
  const whole = Math.max(1, parts.reduce((sum, { tokens }) => sum + tokens, 0));
  const bar = el("div.parts", { "aria-hidden": "true" });
  for (const { part, tokens } of parts) {
    const piece = el("i", { class: `part-${part}` });
    piece.style.width = `${(tokens / whole) * 100}%`;
    bar.append(piece);
  }
  const legend = parts.map(({ part, tokens, pieces }) =>
    el("li", {}, el("i", { class: `part-${part}` }), `${t(`part_${part}`)}: ${t("part_size", { tokens: number(tokens), share: number((tokens / whole) * 100), pieces })}`),
  );
  const counted = usage?.prompt_tokens ? t("part_measured", { estimated: number(whole), counted: number(usage.prompt_tokens) }) : t("part_estimated", { estimated: number(whole) });
  return el("div", {}, bar, el("ul.legend", {}, ...legend), el("p.muted", {}, counted));
}

function message({ role, name, content, tool_calls: calls }) {
  const texts = Array.isArray(content) ? content.map((part) => part.text ?? JSON.stringify(part)) : [content ?? ""];
  const text = [...texts, ...(calls ? [JSON.stringify(calls, null, 2)] : [])].filter(Boolean).join("\n");
  const head = el("summary.said-by", {}, el("strong", {}, name ? `${role} (${name})` : role), el("span.muted", {}, t("characters", { count: number(text.length) })));
  return el("details", { open: text.length < 600 }, head, el("pre", { dir: "auto" }, text));
}

function tool({ function: { name, description, ...rest } }) {
  const head = el("summary", {}, el("span.code", {}, name));
  return el("details", {}, head, el("p.muted", {}, description ?? ""), el("pre", {}, JSON.stringify(rest, null, 2)));
}

function replyOf(reply) {
  const thought = reply.reasoning_content ?? reply.reasoning;
  const texts = [thought && `${t("thought")}: ${thought}`, reply.content, reply.tool_calls && JSON.stringify(reply.tool_calls, null, 2)].filter(Boolean);
  return texts.length ? texts.map((text) => el("pre", { dir: "auto" }, text)) : [say("p.muted", "no_reply")];
}

function parameters(request) {
  const rows = Object.entries(request).filter(([name]) => !NO_PARAMETER.has(name));
  return el("dl.params", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, typeof value === "string" ? value : JSON.stringify(value))]));
}

function logprobs(found) {
  const tokens = found?.content ?? [];
  if (!tokens.length) return say("p.muted", "no_logprobs");
  const share = (logprob) => `${number(Math.exp(logprob) * 100, 1)}%`;
  const shown = tokens.slice(0, TOKENS_SHOWN).map(({ token, logprob, top_logprobs: top = [] }) => {
    const others = top.filter((one) => one.token !== token).map((one) => `${JSON.stringify(one.token)} ${share(one.logprob)}`);
    return el("li", {}, JSON.stringify(token), " ", el("b", {}, share(logprob)), " ", el("small", {}, others.slice(0, 4).join(" · ")));
  });
  return el("ul.logprobs", {}, ...shown);
}

function measured({ first_ms: first, reply }) {
  const usage = reply.usage ?? {};
  const rows = [
    ["measured_first", time(first)],
    ["measured_prompt", number(usage.prompt_tokens ?? 0)],
    ["measured_cached", usage.prompt_tokens_details ? number(usage.prompt_tokens_details.cached_tokens ?? 0) : t("unknown")],
    ["measured_completion", number(usage.completion_tokens ?? 0)],
    ["measured_finish", reply.finish_reason ?? "–"],
    ["measured_model", reply.model ?? "–"],
  ];
  return el("dl.params", {}, ...rows.flatMap(([key, value]) => [say("dt", key), el("dd", {}, value)]));
}
