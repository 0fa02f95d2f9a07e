// The figures above the list of turns: how many, how fast, how dear, who answered, what failed.

import { byId, el } from "../dom.js";
import { say, t } from "../i18n.js";
import { shareRow } from "../rows.js";
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
