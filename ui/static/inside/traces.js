// The list of turns over all conversations; one of them opens below its own address (#turn).

import { call, url } from "../api.js";
import { byId, el, onClick, show } from "../dom.js";
import { lookWhenTyped } from "../field.js";
import { onLanguage, say, t } from "../i18n.js";
import { showFigures } from "./figures.js";
import { enter, fail, time, when } from "./frame.js";
import { openTrace } from "./trace.js";

const CHOICES = {
  hours: ["1", "24", "168", "720", ""],
  status: ["", "failed", "slow", "fallback", "asked", "stopped"],
  thumb: ["", "up", "down"],
};
const NAMED = ["specialist", "tool", "model"];

let cursor = "";
let asked = 0;
let figures = null;

const form = byId("filters");

function query(more = {}) {
  const filled = [...new FormData(form), ...Object.entries(more)].filter(([, value]) => value);
  return new URLSearchParams(filled).toString();
}

async function list() {
  const mine = ++asked;
  const [found, counted] = await Promise.all([call("GET", `/api/traces?${query()}`), call("GET", `/api/traces/figures?${query()}`)]);
  // Whoever types on sees the turns that they asked for last.
  if (mine !== asked) return;
  fail(null);
  offer(found.names);
  byId("found").replaceChildren(...found.traces.map(row));
  figures = counted;
  showFigures(figures);
  turnTo(found);
  show("none", !found.traces.length);
}

async function more() {
  const found = await call("GET", `/api/traces?${query({ after: cursor })}`);
  byId("found").append(...found.traces.map(row));
  turnTo(found);
}

function turnTo(found) {
  cursor = found.next_cursor ?? "";
  show("more", cursor !== "");
}

function offer(names) {
  for (const name of NAMED) {
    const select = form.elements[name];
    const chosen = select.value;
    const options = names[name].map((one) => el("option", { value: one }, one));
    select.replaceChildren(say(el("option", { value: "" }), `filter_all_${name}`), ...options);
    if (names[name].includes(chosen)) select.value = chosen;
  }
}

function row(trace) {
  const text = el("bdi", {}, trace.asked || t("turn_without_text"));
  const marks = [badge(trace.status, `status_${trace.status}`)];
  if (trace.specialist) marks.push(el("span.badge", {}, trace.specialist));
  if (trace.replaced) marks.push(badge("warn", "mark_fallback"));
  if (trace.tool_errors) marks.push(badge("bad", "mark_tool_errors", { count: trace.tool_errors }));
  if (trace.thumb) marks.push(badge(trace.thumb === "up" ? "good" : "bad", `thumb_${trace.thumb}`));
  marks.push(el("span.badge.plain", { title: t("figure_first_word") }, `${time(trace.first_word_ms)} · ${time(trace.ms)}`));
  return el(
    "li",
    {},
    el(
      "a",
      { href: url`#${trace.id}`, "data-turn": trace.id },
      el("time.when", { datetime: trace.at }, when(trace.at)),
      el("span.asked.one-line", {}, text),
      el("span.told.one-line", {}, trace.answered.split("\n", 1)[0]),
      el("span.marks", {}, ...marks),
    ),
  );
}

function badge(kind, key, values = {}) {
  return say(`span.badge.${kind}`, key, values);
}

async function visit() {
  const id = decodeURIComponent(location.hash.slice(1));
  show("overview", !id);
  show("one", Boolean(id));
  byId("one").replaceChildren();
  fail(null);
  if (id) await openTrace(byId("one"), id);
  else await list();
}

function setUp() {
  for (const [name, values] of Object.entries(CHOICES)) {
    form.elements[name].replaceChildren(...values.map((value) => say(el("option", { value }), `filter_${name}_${value || "all"}`)));
  }
  form.elements.hours.value = "168";
  lookWhenTyped(form, () => list().catch(fail));
  form.addEventListener("submit", (event) => event.preventDefault());
  onClick("more", () => more().catch(fail));
  addEventListener("hashchange", () => visit().catch(fail));
  onLanguage(() => visit().catch(fail));
}

if (await enter().catch(fail)) {
  setUp();
  await visit().catch(fail);
}
