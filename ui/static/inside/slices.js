// The slices: state, model, queue, KV cache, tokens a second, prefix hits and memory, with the last hour as lines.

import { byId, el } from "../dom.js";
import { say, t } from "../i18n.js";
import { line } from "./charts.js";
import { number } from "./frame.js";

const GIB = 1024 ** 3;
const percent = (share) => `${number(share * 100)}%`;

export function showSlices({ endpoints, gpus, problem }) {
  byId("slices").replaceChildren(...endpoints.map(slice));
  byId("gpus").textContent = problem ?? memory(gpus);
}

function memory(gpus) {
  if (!gpus.length) return t("gpu_unknown");
  return gpus.map(({ index, name, used, total }) => t("gpu_measured", { index, name, used: number(used / GIB, 1), total: number(total / GIB, 1) })).join(" · ");
}

function slice(one) {
  const state = one.reachable ? (one.left_alone ? ["warn", "load_left_alone"] : one.stand_in ? ["warn", "stand_in_short"] : ["good", "slice_answers"]) : ["bad", "load_away"];
  const badge = one.slice ? say(`span.badge.slice-${one.slice}`, "slice", { slice: one.slice }) : null;
  const head = el("h3", {}, one.key, badge, say(`span.badge.${state[0]}`, state[1]));
  // The minute that has only begun has no rate yet.
  const last = one.hour.slice(-2).findLast(({ tokens_s: tokens }) => tokens !== null) ?? {};
  const rows = [
    meter("slice_running", one.running, number, one.hour.map(({ running }) => running)),
    meter("slice_waiting", one.waiting, number, one.hour.map(({ waiting }) => waiting)),
    meter("slice_cache", one.kv_cache, percent, one.hour.map(({ kv_cache: cache }) => cache), 1),
    meter("slice_tokens", last.tokens_s, (value) => number(value, 1), one.hour.map(({ tokens_s: tokens }) => tokens)),
    meter("slice_read", last.prompt_tokens_s, (value) => number(value), one.hour.map(({ prompt_tokens_s: tokens }) => tokens)),
    meter("slice_prefix", last.prefix, percent, one.hour.map(({ prefix }) => prefix), 1),
    meter("slice_memory", one.gpu_share, percent, null),
    meter("slice_room", one.kv_tokens, (value) => t("slice_room_tokens", { tokens: number(value) }), null),
  ];
  return el("section.slice.panel", { "data-endpoint": one.key }, head, el("p.model.code", {}, one.model), el("dl.meters", {}, ...rows));
}

function meter(key, value, shown, hour, most) {
  const known = value !== null && value !== undefined;
  const values = hour?.filter((one) => one !== null) ?? [];
  const drawn = values.length > 1 ? line(hour, most ?? Math.max(1, ...values)) : null;
  return el("div.meter", {}, say("dt", key), el("dd", { class: known ? "" : "muted" }, known ? shown(value) : t("unknown")), drawn);
}
