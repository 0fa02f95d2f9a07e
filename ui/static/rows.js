// What the debug panel shows of each kind of step: arguments, result, the rows it changed.

import { el } from "./dom.js";
import { has, say } from "./i18n.js";

export const ROWS = { guard, router, model, tool_call: toolCall, handoff, question, answer, identity, muted: handed("muted"), given_back: handed("given_back"), ticket };

function guard(data) {
  const { name, verdict } = data;
  const key = `verdict_${verdict.replace(" ", "_")}`;
  const badge = say(`span.badge.${key}`, key);
  return row("guard", `guard_${name}`, [badge], [why(data, "reason")]);
}

function router(data) {
  const { choice, by, candidates, logprobs } = data;
  const head = [el("strong", {}, `→ ${choice}`), say(`span.badge.by-${by}`, `by_${by}`)];
  return row("router", "router", [...head, time(data.ms)], [why(data, "reason"), meta(data), bars(choice, candidates, logprobs)]);
}

function model(data) {
  const failed = data.error ? [say("span.badge.failed", "error_mark")] : [];
  const head = [el("strong", {}, data.agent ?? data.role), ...failed, time(data.ms)];
  return row(`model on-${data.slice}`, "model_call", head, [why(data, "error"), thought(data), meta(data)]);
}

function thought({ thought: said }) {
  return said ? el("details.thought.muted", {}, say("summary", "thought"), el("p", {}, said)) : null;
}

function ticket(data) {
  const { ticket_id: id, opened } = data;
  const key = opened ? "ticket_opened" : "ticket_continued";
  return row("ticket", key, [el("strong.code", {}, id)], [why(data, "reason")]);
}

function toolCall(data) {
  const ms = time(data.ms);
  const mark = el("span.badge", { hidden: true });
  const head = [el("strong.code", {}, `${data.server}.${data.tool}`), mark, ms];
  const made = row("tool", "tool", head, [argumentsOf(data)]);
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
  const head = [el("strong", {}, `${from} → ${to}`)];
  return row("handoff", "handoff", head, [el("p.why", {}, remaining)]);
}

function question({ text }) {
  return row("question", "question", [], [el("p.why", {}, text)]);
}

function answer({ yes, by }) {
  const said = say(`span.badge.${yes ? "done" : ""}`, `${yes ? "yes" : "no"}_by_${by}`);
  return row("answer", "answer", [said], []);
}

const IDENTITY_BADGES = { bound: "done", refused: "failed", handed_over: "failed" };

function identity({ status, tries_left: tries }) {
  const badge = say(`span.badge.${IDENTITY_BADGES[status] ?? ""}`, `identity_${status}`);
  const left = status === "refused" ? [say("p.why", "tries_left", { tries })] : [];
  return row("identity", "identity", [badge], left);
}

function handed(key) {
  return ({ ticket_id: ticket }) => row(key, key, [el("strong.code", {}, ticket)], []);
}

export function row(kind, key, head, body) {
  return { node: el("li", { class: `row ${kind}` }, el("div.head", {}, say("span.what", key), ...head), ...body) };
}

// Why a step went as it did. One whose code is not known here, as none was once, keeps the team's own sentence.
export function why(data, field) {
  if (!data[field]) return null;
  const key = `reason_${data[`${field}_code`]}`;
  const node = el("p.why");
  return has(key) ? say(node, key, data[`${field}_facts`]) : (node.append(data[field]), node);
}

function time(ms) {
  return el("span.ms", {}, ms === undefined ? "" : duration(ms));
}

export function duration(ms) {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

export function meta({ endpoint, model: name, slice, in_place_of: own, prompt_tokens: prompt, completion_tokens: completion, stand_in: standIn }) {
  if (!name) return null;
  const parts = [el("span.code", { title: endpoint }, name)];
  if (slice) parts.push(say(`span.badge.slice-${slice}`, "slice", { slice }));
  if (own) parts.push(say("span.badge.warn", "in_place_of", { own }));
  parts.push(say("span", "tokens", { prompt, completion }));
  if (standIn) parts.push(say("span.badge.warn", "stand_in_mark"));
  return el("p.meta.muted", {}, ...parts);
}

function bars(choice, candidates = [], logprobs) {
  const shown = candidates.map((name) => candidate(name, name === choice, logprobs?.[name]));
  return el("ul", { class: `candidates ${logprobs ? "" : "named"}` }, ...shown);
}

function candidate(name, chosen, logprob) {
  const kind = chosen ? "chosen" : "";
  if (logprob === undefined) return el("li", { class: kind }, el("span.name", {}, name));
  const share = Math.exp(logprob) * 100;
  return shareRow(name, share, percent(share), kind);
}

export function shareRow(name, share, told, kind = "") {
  const fill = el("i");
  fill.style.width = `${share}%`;
  return el("li", { class: kind }, el("span.name.one-line", { title: name }, name), el("span.share", { "aria-hidden": "true" }, fill), el("span.percent", {}, told));
}

function percent(share) {
  if (share < 0.1) return "<0.1%";
  return `${share < 10 ? share.toFixed(1) : Math.round(share)}%`;
}

export function argumentsOf({ arguments: given, injected = [] }) {
  const rows = Object.entries(given ?? {}).map(([name, value]) => pair(name, el("span.code", {}, plain(value))));
  const filled = injected.map((name) => pair(name, say("span.injected", "injected")));
  return el("dl.arguments", {}, ...rows.flat(), ...filled.flat());
}

export function resultOf({ text, structured, is_error: isError }) {
  const shown = structured == null ? text : JSON.stringify(structured, null, 2);
  // The marks around text of others are for models.
  const clean = shown.replace(/[⟦⟧]/g, "");
  return el("details.result", { open: isError }, say("summary", "result"), el("pre", {}, clean));
}

function changesOf({ changes = [], audit_id: auditId }) {
  if (!changes?.length && !auditId) return [];
  const audit = auditId ? say("span.muted.code", "audit", { id: auditId }) : null;
  const head = el("p.changes-head", {}, say("strong", "changed"), audit);
  return [head, ...changes.map(change)];
}

function change({ table, key, before, after }) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = names.filter((name) => plain(before?.[name]) !== plain(after?.[name]));
  const rows = changed.map((name) =>
    el("tr", {}, el("th", { scope: "row" }, name), cell("before", before?.[name]), el("td.arrow", {}, "→"), cell("after", after?.[name])),
  );
  const caption = el("caption.code", {}, `${table} ${[key].flat().map(plain).join(" / ")}`);
  return el("table.changes", {}, caption, el("tbody", {}, ...rows));
}

function cell(kind, value) {
  const empty = value == null;
  return empty ? say(el("td", { class: `${kind} muted` }), "nothing") : el("td", { class: kind }, plain(value));
}

function pair(name, value) {
  return [el("dt", {}, name), el("dd", {}, value)];
}

function plain(value) {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
