// The list of turns with figures above it; one opens below its own address (#turn).

import { call } from "../api.js";
import { byId, el, onClick, show } from "../dom.js";
import { lookWhenTyped, onSubmit, option } from "../field.js";
import { say, t } from "../i18n.js";
import { shareRow } from "../rows.js";
import { bars } from "./charts.js";
import { badge, enter, fail, lineOf, number, setUpPlaces, time, when } from "./frame.js";
import { openTrace } from "./trace.js";

const CHOICES = {
  hours: ["1", "24", "168", "720", ""],
  status: ["", "failed", "slow", "fallback", "asked", "stopped"],
  thumb: ["", "up", "down"],
};
const SHOWN = 8;
const NAMED = ["specialist", "tool", "model"];

let cursor = "";
let asked = 0;

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
  showFigures(counted);
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
  show("more", cursor);
}

function offer(names) {
  for (const name of NAMED) {
    const select = form.elements[name];
    const chosen = select.value;
    const options = names[name].map((one) => el("option", { value: one }, one));
    select.replaceChildren(option("", `filter_all_${name}`), ...options);
    if (names[name].includes(chosen)) select.value = chosen;
  }
}

function row(trace) {
  const marks = [badge(trace.status, `status_${trace.status}`)];
  if (trace.specialist) marks.push(el("span.badge", {}, trace.specialist));
  if (trace.replaced) marks.push(badge("warn", "mark_fallback"));
  if (trace.tool_errors) marks.push(badge("failed", "mark_tool_errors", { count: trace.tool_errors }));
  if (trace.thumb) marks.push(badge(trace.thumb === "up" ? "done" : "failed", `thumb_${trace.thumb}`));
  marks.push(el("span.badge.plain", { title: t("figure_first_word") }, `${time(trace.first_word_ms)} · ${time(trace.ms)}`));
  return lineOf(trace.id, trace.at, trace.asked || t("turn_without_text"), trace.answered.split("\n", 1)[0], marks);
}

function setUp() {
  for (const [name, values] of Object.entries(CHOICES)) {
    form.elements[name].replaceChildren(...values.map((value) => option(value, `filter_${name}_${value || "all"}`)));
  }
  form.elements.hours.value = "168";
  lookWhenTyped(form, () => list().catch(fail));
  onSubmit(form, () => {});
  onClick("more", () => more().catch(fail));
}

function showFigures(found) {
  byId("figures").replaceChildren(tiles(found), charts(found));
}

function tiles(found) {
  const tokens = found.prompt_tokens + found.completion_tokens;
  const share = (part, whole) => (whole ? `${number((part / whole) * 100, 1)}%` : "–");
  return el(
    "dl.tiles",
    {},
    tile("figure_turns", number(found.turns)),
    tile("figure_failed", number(found.failed), share(found.failed, found.turns), found.failed > 0),
    tile("figure_first_word", time(found.first_word_ms.p50), t("figure_p95", { time: time(found.first_word_ms.p95) })),
    tile("figure_total", time(found.ms.p50), t("figure_p95", { time: time(found.ms.p95) })),
    tile("figure_tokens", number(tokens), t("figure_cached", { share: share(found.cached_tokens, found.prompt_tokens) })),
    tile("figure_fallbacks", number(found.replaced), share(found.replaced, found.turns), found.replaced > 0),
    tile("figure_tool_errors", number(found.tool_errors), t("figure_of", { count: number(found.tool_calls) }), found.tool_errors > 0),
  );
}

function tile(key, value, more = "", bad = false) {
  return el("div", { class: `tile panel ${bad ? "bad" : ""}` }, say("dt", key), el("dd", {}, value, " ", el("small", {}, more)));
}

function charts({ hours, specialists, chosen_by: by, tools }) {
  const points = hours.map(({ at, turns, failed, first_word_ms: word, ms }) => ({
    name: when(at, { month: "numeric", day: "numeric", hour: "numeric" }),
    total: turns,
    part: failed,
    told: { turns, failed, word: time(word), total: time(ms) },
  }));
  const drawn = bars(points, ({ name, told }) => `${name} · ${t("hour_told", told)}`);
  drawn.setAttribute("aria-label", t("chart_hours"));
  return el(
    "div.charts",
    {},
    el("section.chart.panel", {}, say("h2", "chart_hours"), drawn),
    el("section.chart.panel", {}, say("h2", "chart_routing"), shares(specialists), say("h2.second", "chart_chosen_by"), shares(by, (name) => t(`by_${name}`))),
    el("section.chart.panel", {}, say("h2", "chart_tools"), toolList(tools)),
  );
}

function shares(found, named = (name) => name) {
  const whole = Math.max(1, found.reduce((sum, { turns }) => sum + turns, 0));
  return el("ul.shares", {}, ...found.slice(0, SHOWN).map(({ name, turns }) => shareRow(named(name), (turns / whole) * 100, `${number((turns / whole) * 100)}%`)));
}

function toolList(tools) {
  const most = Math.max(1, ...tools.map(({ calls }) => calls));
  return el(
    "ul.shares",
    {},
    ...tools.slice(0, SHOWN + 3).map(({ name, calls, errors }) => shareRow(name, (calls / most) * 100, errors ? `${number(errors)} / ${number(calls)}` : number(calls), errors ? "bad" : "")),
  );
}

if (await enter().catch(fail)) {
  setUp();
  await setUpPlaces(list, openTrace);
}
