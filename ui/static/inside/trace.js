// One turn: its waterfall, each model step to open, and the turn run again beside it.

import { call, told, url } from "../api.js";
import { el } from "../dom.js";
import { option } from "../field.js";
import { say, t } from "../i18n.js";
import { argumentsOf } from "../rows.js";
import { copying } from "../tools.js";
import { Turn } from "../turn.js";
import { badge, endpointOption, headOf, number, time, when } from "./frame.js";

class Opened extends Turn {
  constructor(at, turn, kept) {
    super(1, at);
    this.turn = turn;
    this.kept = new Set(kept);
  }

  addRow(kind, data, at) {
    super.addRow(kind, data, at);
    if (data.model) this.rows.at(-1).node.append(callOf(this.turn, data, this.kept.has(data.record)));
  }
}

export async function openTrace(place, id) {
  const found = await call("GET", url`/api/traces/${id}`);
  const { trace, steps, kept, can_be_replayed: again } = found;
  const turn = new Opened(Date.parse(steps[0]?.at ?? trace.at), id, kept);
  for (const { kind, data, seq, at } of steps) turn.take(kind, { ...data, seq, at });
  const [top, facts] = head(trace);
  place.replaceChildren(top, answerOf(steps), facts, turn.node);
  place.querySelector("h1").focus();
  if (again) place.append(await replayOf(trace, steps));
}

function head(trace) {
  const path = url`/api/traces/${trace.id}/export`;
  const told = [
    t("fact_at", { at: when(trace.at) }),
    t(`caller_${trace.caller}`),
    t("fact_first_word", { time: time(trace.first_word_ms) }),
    t("fact_total", { time: time(trace.ms) }),
    t("fact_tokens", { prompt: number(trace.prompt_tokens), completion: number(trace.completion_tokens), cached: number(trace.cached_tokens) }),
  ];
  const more = [badge(trace.status, `status_${trace.status}`), say(el("a.quiet", { href: path, download: true, id: "export" }), "export")];
  const ids = el("span.code", {}, `${trace.conversation_id} · ${trace.id}`);
  return headOf("back_to_turns", trace.asked || t("turn_without_text"), more, [...told, ids]);
}

const answers = (steps) => steps.filter(({ kind, data }) => kind === "message" && data.role === "assistant");

const textOf = (said) => said.map(({ data }) => data.text).join("\n\n");

function answerOf(steps) {
  const said = answers(steps);
  const thumbs = said.filter(({ thumb }) => thumb).map(({ thumb }) => badge(thumb === "up" ? "done" : "failed", `thumb_${thumb}`));
  return el("p.one-answer", { dir: "auto" }, textOf(said), " ", ...thumbs);
}

const LONGEST_MS = 110_000;

async function replayOf(trace, steps) {
  const [team, slices] = await Promise.all([call("GET", "/api/team"), call("GET", "/api/team/slices")]);
  const endpoint = el("select", { id: "replay-endpoint", "aria-label": t("replay_endpoint") });
  endpoint.append(option("", "replay_same_models"), ...slices.endpoints.map(endpointOption));
  const specialist = el("select", { id: "replay-specialist", "aria-label": t("replay_specialist") });
  specialist.append(option("", "replay_same_prompts"), ...team.specialists.map(({ name }) => el("option", { value: name }, name)));
  const prompt = el("textarea", { id: "replay-prompt", rows: "8", maxlength: "20000", "aria-label": t("replay_prompt"), hidden: true });
  specialist.addEventListener("change", () => {
    const chosen = team.specialists.find(({ name }) => name === specialist.value);
    prompt.hidden = !chosen;
    prompt.value = chosen?.prompt ?? "";
  });
  const button = say(el("button.primary", { id: "replay-run" }), "replay_run");
  const state = el("p.muted", { role: "status" });
  const place = el("div.sides");
  button.addEventListener("click", async () => {
    button.disabled = true;
    say(state, "replay_running");
    try {
      const body = { endpoint: endpoint.value, specialist: specialist.value, prompt: prompt.value };
      const found = await call("POST", url`/api/traces/${trace.id}/replay`, body, LONGEST_MS);
      say(state, "replay_done");
      place.replaceChildren(side("replay_then", before(trace, steps), null), side("replay_now", found, before(trace, steps)));
    } catch (error) {
      delete state.dataset.i18n;
      state.textContent = told(error);
    } finally {
      button.disabled = false;
    }
  });
  const form = el("div.replay-form", {}, endpoint, specialist, button);
  return el("section.replay", { id: "replay" }, say("h2", "replay_title"), say("p.muted", "replay_more"), form, prompt, state, place);
}

function before(trace, steps) {
  return { ...trace, answer: textOf(answers(steps)), steps };
}

function side(key, found, other) {
  const calls = callsOf(found.steps);
  const theirs = new Set(other ? callsOf(other.steps).map(same) : calls.map(same));
  const who = found.steps.filter(({ kind }) => kind === "router" || kind === "handoff").map(({ data }) => data.choice ?? data.to);
  const models = [...new Set(found.steps.filter(({ kind, data }) => (kind === "router" || kind === "model") && data.model).map(({ data }) => data.model))];
  return el(
    "section.side.panel",
    { "data-side": key },
    say("h3", key),
    el("p.muted", {}, `${who.join(" → ") || "–"} · ${models.join(", ") || "–"}`),
    el("p.muted", {}, t("replay_cost", { time: time(found.ms), calls: found.model_calls, tokens: number(found.prompt_tokens + found.completion_tokens) })),
    el("pre", { dir: "auto", class: other && other.answer !== found.answer ? "differs" : "" }, found.answer || found.trouble || "–"),
    say("h4", "replay_calls"),
    el("ol.calls", {}, ...calls.map((one) => callRow(one, !theirs.has(same(one))))),
  );
}

function callsOf(steps) {
  const results = new Map(steps.filter(({ kind }) => kind === "tool_result").map(({ data }) => [data.call_id, data]));
  return steps.filter(({ kind }) => kind === "tool_call").map(({ data }) => ({ ...data, result: results.get(data.call_id) }));
}

const same = ({ tool, arguments: given }) => `${tool} ${JSON.stringify(Object.entries(given).sort())}`;

function callRow({ tool, arguments: given, result }, differs) {
  const head = el("summary", {}, el("span.code", {}, tool), " ", el("span.code.muted", {}, JSON.stringify(given)));
  const mark = differs ? [say("span.badge.warn", "replay_differs"), " "] : [];
  return el("li", {}, el("details", {}, head, el("pre", {}, result?.text ?? "–")), ...mark);
}

const NO_PARAMETER = new Set(["messages", "tools"]);
const TOKENS_SHOWN = 60;

function callOf(turn, data, isKept) {
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
  const button = (key, text) => copying(say("button", key), () => text);
  return el("div.buttons", {}, button("copy_curl", curlOf(kept)), button("copy_json", JSON.stringify(kept, null, 2)));
}

// For a shell: within single quotes only the quote itself means something. The key stays a variable.
function curlOf({ url, request }) {
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
  return argumentsOf({ arguments: Object.fromEntries(rows) });
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
  return el("dl.arguments", {}, ...rows.flatMap(([key, value]) => [say("dt", key), el("dd", {}, value)]));
}
