// The team as a picture, lit by who is at work; its slices; which endpoint speaks for which role.

import { call, url } from "../api.js";
import { byId, el, show } from "../dom.js";
import { onLanguage, say, t } from "../i18n.js";
import { line } from "./charts.js";
import { endpointOption, enter, fail, number } from "./frame.js";
import { Picture } from "./picture.js";

const SLICES_MS = 10_000;
const GIB = 1024 ** 3;

const percent = (share) => `${number(share * 100)}%`;

let team = null;
let slices = null;
let picture = null;

async function load() {
  [team, slices] = await Promise.all([call("GET", "/api/team"), call("GET", "/api/team/slices")]);
  draw();
}

function draw() {
  picture?.forget();
  picture = new Picture(byId("picture"), team, slices, describe);
  showSlices(slices);
  byId("roles").replaceChildren(...team.roles.map(role));
}

function role({ role: name, endpoint, in_place: others }) {
  const select = el("select", { "aria-label": name, "data-role": name });
  select.append(...slices.endpoints.map(endpointOption));
  select.value = endpoint;
  select.addEventListener("change", () => switchTo(name, select).catch(fail));
  const note = say("span.muted", others.length ? "role_in_place" : "role_alone", { others: others.join(", ") });
  return el("li", {}, el("span.code", {}, name), select, note);
}

async function switchTo(name, select) {
  try {
    const { endpoint, before } = await call("PUT", url`/api/team/roles/${name}`, { endpoint: select.value });
    fail(null);
    say(byId("switched"), "role_switched", { role: name, before, endpoint });
  } finally {
    await load();
  }
}

async function look() {
  if (document.hidden) return;
  slices = await call("GET", "/api/team/slices");
  showSlices(slices);
}

function listen() {
  const stream = new EventSource("/api/team/live");
  stream.addEventListener("step", ({ data }) => picture.take(JSON.parse(data)));
  // What happened meanwhile is not known: nobody stays lit.
  stream.addEventListener("error", () => picture.calm());
}

function describe({ kind, id }) {
  const made = { router, specialist, server, slice }[kind](id);
  byId("member").replaceChildren(el("h2", {}, kind === "router" ? t("team_router") : id), ...made);
  show("member", true);
}

function router() {
  return prompted(team.router.prompt);
}

function specialist(id) {
  const { description, prompt, reminders, tools, place } = team.specialists.find(({ name }) => name === id);
  const rules = Object.entries(reminders).map(([when, rule]) => el("li", {}, el("span.code", {}, when), ` ${rule}`));
  return [
    el("p", {}, description),
    el("p.muted.code", {}, place),
    ...prompted(prompt),
    ...(rules.length ? [say("h3", "member_reminders"), el("ul", {}, ...rules)] : []),
    say("h3", "call_tools"),
    el("p.code", {}, tools.join(", ") || "–"),
  ];
}

function prompted(prompt) {
  return [say("h3", "call_prompt"), el("pre", {}, prompt)];
}

function server(id) {
  const { tools } = team.servers.find(({ name }) => name === id);
  const told = tools.map(({ name, description, reads, asks }) => {
    const key = reads ? "tool_reads" : asks ? "tool_asks" : "tool_writes";
    return el("li", {}, el("span.code", {}, name), " ", say(`span.badge.${reads ? "" : "warn"}`, key), el("br"), el("span.muted", {}, description));
  });
  return [el("ul", {}, ...told)];
}

function slice(id) {
  const { model, context_tokens: tokens } = slices.endpoints.find(({ key }) => key === id);
  const own = team.roles.filter(({ endpoint }) => endpoint === id).map(({ role }) => role);
  return [el("p.code", {}, model), el("p", {}, t("member_context", { tokens })), el("p", {}, t("member_roles", { roles: own.join(", ") || "–" }))];
}

function showSlices({ endpoints, gpus, problem }) {
  byId("slices").replaceChildren(...endpoints.map(sliceOf));
  byId("gpus").textContent = problem ?? memory(gpus);
}

function memory(gpus) {
  if (!gpus.length) return t("gpu_unknown");
  return gpus.map(({ index, name, used, total }) => t("gpu_measured", { index, name, used: number(used / GIB, 1), total: number(total / GIB, 1) })).join(" · ");
}

function sliceOf(one) {
  const state = one.reachable ? (one.left_alone ? ["warn", "load_left_alone"] : one.stand_in ? ["warn", "stand_in_short"] : ["done", "slice_answers"]) : ["failed", "load_away"];
  const badge = one.slice ? say(`span.badge.slice-${one.slice}`, "slice", { slice: one.slice }) : null;
  const head = el("h3", {}, one.key, badge, say(`span.badge.${state[0]}`, state[1]));
  const hour = (name) => one.hour.map((minute) => minute[name]);
  // The minute that has only begun has no rate yet.
  const last = one.hour.slice(-2).findLast(({ tokens_s: tokens }) => tokens !== null) ?? {};
  const rows = [
    meter("slice_running", one.running, number, hour("running")),
    meter("slice_waiting", one.waiting, number, hour("waiting")),
    meter("slice_cache", one.kv_cache, percent, hour("kv_cache"), 1),
    meter("slice_tokens", last.tokens_s, (value) => number(value, 1), hour("tokens_s")),
    meter("slice_read", last.prompt_tokens_s, number, hour("prompt_tokens_s")),
    meter("slice_prefix", last.prefix, percent, hour("prefix"), 1),
    meter("slice_memory", one.gpu_share, percent),
    meter("slice_room", one.kv_tokens, (value) => t("slice_room_tokens", { tokens: number(value) })),
  ];
  return el("section.slice.panel", { "data-endpoint": one.key }, head, el("p.model.code", {}, one.model), el("dl.meters", {}, ...rows));
}

function meter(key, value, shown, hour, most) {
  const known = value != null;
  const values = hour?.filter((one) => one !== null) ?? [];
  const drawn = values.length > 1 ? line(hour, most ?? Math.max(1, ...values)) : null;
  return el("div.meter", {}, say("dt", key), el("dd", { class: known ? "" : "muted" }, known ? shown(value) : t("unknown")), drawn);
}

if (await enter().catch(fail)) {
  show("team", true);
  await load().then(listen).catch(fail);
  onLanguage(() => team && draw());
  setInterval(() => look().catch(fail), SLICES_MS);
}
