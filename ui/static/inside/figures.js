// The figures above the list of turns: how many, how fast, how dear, who answered, what failed.

import { byId, el } from "../dom.js";
import { say, t } from "../i18n.js";
import { bars } from "./charts.js";
import { number, time, when } from "./frame.js";

const SHOWN = 8;

export function showFigures(found) {
  byId("figures").replaceChildren(tiles(found), charts(found));
}

function tiles(found) {
  const tokens = found.prompt_tokens + found.completion_tokens;
  const share = (part, whole) => (whole ? `${number((part / whole) * 100, 1)}%` : "–");
  return el(
    "dl",
    { class: "tiles" },
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
  return el("div", { class: `tile ${bad ? "bad" : ""}` }, say(el("dt"), key), el("dd", {}, value, " ", el("small", {}, more)));
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
    "div",
    { class: "charts" },
    el("section", { class: "chart" }, say(el("h2"), "chart_hours"), drawn),
    el("section", { class: "chart" }, say(el("h2"), "chart_routing"), shares(specialists), say(el("h2", { class: "second" }), "chart_chosen_by"), shares(by, (name) => t(`by_${name}`))),
    el("section", { class: "chart" }, say(el("h2"), "chart_tools"), toolList(tools)),
  );
}

function shares(found, named = (name) => name) {
  const whole = Math.max(1, found.reduce((sum, { turns }) => sum + turns, 0));
  return el("ul", { class: "shares" }, ...found.slice(0, SHOWN).map(({ name, turns }) => row(named(name), turns / whole, `${number((turns / whole) * 100)}%`)));
}

function toolList(tools) {
  const most = Math.max(1, ...tools.map(({ calls }) => calls));
  return el(
    "ul",
    { class: "shares" },
    ...tools.slice(0, SHOWN + 3).map(({ name, calls, errors }) => row(name, calls / most, errors ? `${number(errors)} / ${number(calls)}` : number(calls), errors > 0)),
  );
}

function row(name, share, told, bad = false) {
  const fill = el("i");
  fill.style.width = `${share * 100}%`;
  return el("li", {}, el("span", { class: "name", title: name }, name), el("span", { class: "share", "aria-hidden": "true" }, fill), el("span", { class: `count ${bad ? "bad" : ""}` }, told));
}
