// Arguments, results and changed rows of a tool call.

import { el } from "./dom.js";
import { say } from "./i18n.js";

export function argumentsOf({ arguments: given, injected = [] }) {
  const rows = Object.entries(given ?? {}).map(([name, value]) => pair(name, el("span.code", {}, plain(value))));
  const filled = injected.map((name) => pair(name, say("span.injected", "injected")));
  return el("dl.arguments", {}, ...rows.flat(), ...filled.flat());
}

export function resultOf({ text, structured, is_error: isError }) {
  const shown = structured === undefined || structured === null ? text : JSON.stringify(structured, null, 2);
  // The marks around text of others are for models.
  const clean = shown.replace(/[⟦⟧]/g, "");
  return el("details.result", { open: isError }, say("summary", "result"), el("pre", {}, clean));
}

export function changesOf({ changes = [], audit_id: auditId }) {
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
  const empty = value === undefined || value === null;
  return empty ? say(el("td", { class: `${kind} muted` }), "nothing") : el("td", { class: kind }, plain(value));
}

function pair(name, value) {
  return [el("dt", {}, name), el("dd", {}, value)];
}

function plain(value) {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
