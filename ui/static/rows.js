// What the debug panel shows of each kind of step.

import { el } from "./dom.js";
import { has, say } from "./i18n.js";
import { argumentsOf, changesOf, resultOf } from "./values.js";

export const ROWS = { guard, router, model, tool_call: toolCall, handoff, question, answer, identity, muted: handed("muted"), given_back: handed("given_back"), ticket };

function guard(data) {
  const { name, verdict } = data;
  const key = `verdict_${verdict.replace(" ", "_")}`;
  const badge = say(el("span", { class: `badge ${key}` }), key);
  return row("guard", [say(el("span", { class: "what" }), `guard_${name}`), badge], [why(data, "reason")]);
}

function router(data) {
  const { choice, by, candidates, logprobs } = data;
  const head = [say(el("span", { class: "what" }), "router"), el("strong", {}, `→ ${choice}`), say(el("span", { class: `badge by-${by}` }), `by_${by}`)];
  return row("router", [...head, time(data.ms)], [why(data, "reason"), meta(data), bars(choice, candidates, logprobs)]);
}

function model(data) {
  const failed = data.error ? [say(el("span", { class: "badge failed" }), "error_mark")] : [];
  const head = [say(el("span", { class: "what" }), "model_call"), el("strong", {}, data.agent ?? data.role), ...failed, time(data.ms)];
  return row(`model on-${data.slice}`, head, [why(data, "error"), thought(data), meta(data)]);
}

function thought({ thought: said }) {
  return said ? el("details", { class: "thought muted" }, say(el("summary"), "thought"), el("p", {}, said)) : null;
}

function ticket(data) {
  const { ticket_id: id, opened } = data;
  const key = opened ? "ticket_opened" : "ticket_continued";
  return row("ticket", [say(el("span", { class: "what" }), key), el("strong", { class: "code" }, id)], [why(data, "reason")]);
}

function toolCall(data) {
  const ms = time(data.ms);
  const mark = el("span", { class: "badge", hidden: true });
  const head = [say(el("span", { class: "what" }), "tool"), el("strong", { class: "code" }, `${data.server}.${data.tool}`), mark, ms];
  const made = row("tool", head, [argumentsOf(data)]);
  made.finish = (result) => {
    ms.textContent = duration(result.ms);
    if (result.is_error) {
      mark.hidden = false;
      mark.classList.add("failed");
      say(mark, "error_mark");
    }
    made.node.append(...changesOf(result), resultOf(result));
    made.node.append(made.node.querySelector(".track"));
  };
  return made;
}

function handoff({ from, to, remaining }) {
  const head = [say(el("span", { class: "what" }), "handoff"), el("strong", {}, `${from} → ${to}`)];
  return row("handoff", head, [el("p", { class: "why" }, remaining)]);
}

function question({ text }) {
  return row("question", [say(el("span", { class: "what" }), "question")], [el("p", { class: "why" }, text)]);
}

function answer({ yes, by }) {
  const said = say(el("span", { class: `badge ${yes ? "done" : ""}` }), `${yes ? "yes" : "no"}_by_${by}`);
  return row("answer", [say(el("span", { class: "what" }), "answer"), said], []);
}

const IDENTITY_BADGES = { bound: "done", refused: "failed", handed_over: "failed" };

function identity({ status, tries_left: tries }) {
  const badge = say(el("span", { class: `badge ${IDENTITY_BADGES[status] ?? ""}` }), `identity_${status}`);
  const left = status === "refused" ? [say(el("p", { class: "why" }), "tries_left", { tries })] : [];
  return row("identity", [say(el("span", { class: "what" }), "identity"), badge], left);
}

function handed(key) {
  return ({ ticket_id: ticket }) => row(key, [say(el("span", { class: "what" }), key), el("strong", { class: "code" }, ticket)], []);
}

function row(kind, head, body) {
  return { node: el("li", { class: `row ${kind}` }, el("div", { class: "head" }, ...head), ...body) };
}

// Why a step went as it did. One whose code is not known here, as none was once, keeps the team's own sentence.
function why(data, field) {
  if (!data[field]) return null;
  const key = `reason_${data[`${field}_code`]}`;
  const node = el("p", { class: "why" });
  return has(key) ? say(node, key, data[`${field}_facts`]) : (node.append(data[field]), node);
}

function time(ms) {
  return el("span", { class: "ms" }, ms === undefined ? "" : duration(ms));
}

export function duration(ms) {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

function meta({ endpoint, model: name, slice, in_place_of: own, prompt_tokens: prompt, completion_tokens: completion, stand_in: standIn }) {
  if (!name) return null;
  const parts = [el("span", { class: "code", title: endpoint }, name)];
  if (slice) parts.push(say(el("span", { class: `badge slice-${slice}` }), "slice", { slice }));
  if (own) parts.push(say(el("span", { class: "badge warn" }), "in_place_of", { own }));
  parts.push(say(el("span", {}), "tokens", { prompt, completion }));
  if (standIn) parts.push(say(el("span", { class: "badge warn" }), "stand_in_mark"));
  return el("p", { class: "meta muted" }, ...parts);
}

// A rule weighs nothing: its candidates are only named.
function bars(choice, candidates = [], logprobs) {
  const shown = candidates.map((name) => candidate(name, name === choice, logprobs?.[name]));
  return el("ul", { class: `candidates ${logprobs ? "" : "named"}` }, ...shown);
}

function candidate(name, chosen, logprob) {
  const node = el("li", { class: chosen ? "chosen" : "" }, el("span", { class: "name" }, name));
  if (logprob === undefined) return node;
  const share = Math.exp(logprob) * 100;
  const fill = el("i");
  fill.style.width = `${share}%`;
  node.append(el("span", { class: "share", "aria-hidden": "true" }, fill), el("span", { class: "percent" }, percent(share)));
  return node;
}

function percent(share) {
  if (share < 0.1) return "<0.1%";
  return `${share < 10 ? share.toFixed(1) : Math.round(share)}%`;
}
