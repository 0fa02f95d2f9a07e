// The team as a picture, lit by who is at work; its slices over the last hour; which endpoint speaks for which role.

import { call, url } from "../api.js";
import { byId, el, show } from "../dom.js";
import { onLanguage, say } from "../i18n.js";
import { enter, fail } from "./frame.js";
import { describe } from "./member.js";
import { Picture } from "./picture.js";
import { showSlices } from "./slices.js";

const SLICES_MS = 10_000;

let team = null;
let slices = null;
let picture = null;

async function load() {
  [team, slices] = await Promise.all([call("GET", "/api/team"), call("GET", "/api/team/slices")]);
  draw();
}

function draw() {
  picture?.forget();
  picture = new Picture(byId("picture"), team, slices, (node) => describe(node, team, slices));
  showSlices(slices);
  byId("roles").replaceChildren(...team.roles.map(role));
}

function role({ role: name, endpoint, in_place: others }) {
  const select = el("select", { "aria-label": name, "data-role": name });
  select.append(...slices.endpoints.map(({ key, model }) => el("option", { value: key }, `${key} · ${model}`)));
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

if (await enter().catch(fail)) {
  show("team", true);
  await load().then(listen).catch(fail);
  onLanguage(() => team && draw());
  setInterval(() => look().catch(fail), SLICES_MS);
}
