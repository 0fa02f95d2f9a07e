// The panel that shows every step the team takes, turn by turn, and what can be reached.

import { call } from "./api.js";
import { byId, el, onClick, show } from "./dom.js";
import { say } from "./i18n.js";
import { drawInto } from "./message.js";
import { Turn } from "./turn.js";

const HEALTH_MS = 10_000;
const NARROW = matchMedia("(max-width: 900px)");

let allowed = false;

export class Debug {
  constructor() {
    this.list = byId("turns");
    this.list.replaceChildren();
    this.turn = null;
    show("debug-empty", true);
  }

  take(kind, data) {
    if (kind === "token" || !allowed) return;
    if (data.stand_in) markStandIn();
    // What a person does between two turns is no step of the team's.
    if (isPersons(kind, data) && this.turn?.ended !== false) return;
    drawInto(byId("debug"), () => {
      if (!this.turn || this.turn.ended || (kind === "turn_started" && this.turn.started)) this.open(Date.parse(data.at));
      this.turn.take(kind, data);
    });
  }

  open(at) {
    if (this.turn) this.turn.node.open = false;
    this.turn = new Turn(this.list.children.length + 1, at);
    show("debug-empty", false);
    this.list.append(el("li", {}, this.turn.node));
  }
}

function isPersons(kind, { role }) {
  return kind === "given_back" || (kind === "message" && role === "person");
}

export function setUpDebug() {
  onClick("toggle-debug", () => open(!isOpen()));
  onClick("close-debug", () => (open(false), byId("toggle-debug").focus()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && NARROW.matches && isOpen()) {
      open(false);
      byId("toggle-debug").focus();
    }
  });
  NARROW.addEventListener("change", () => open(allowed && !NARROW.matches));
  open(false);
}

// Says on the page for whom the steps are, and leaves no empty panel to those who see none.
export function allowSteps({ shown, to_customers: toCustomers }) {
  allowed = shown;
  show("toggle-debug", shown);
  if (shown) say(byId("debug-for"), toCustomers ? "steps_for_all" : "steps_for_staff");
  open(shown && !NARROW.matches);
}

function isOpen() {
  return !byId("debug").hasAttribute("inert");
}

function open(is) {
  byId("debug").toggleAttribute("inert", !is);
  byId("desk").classList.toggle("with-debug", is);
  byId("toggle-debug").setAttribute("aria-expanded", String(is));
  if (is && NARROW.matches) byId("close-debug").focus();
}

export function markStandIn() {
  show("stand-in", true);
  show("debug-stand-in", true);
}

export async function showHealth() {
  const health = await call("GET", "/health").catch(() => null);
  if (!health) return;
  if (health.stand_in) markStandIn();
  if (!allowed) return;
  const down = health.endpoints.filter((one) => !one.reachable).map((one) => one.name);
  const note = byId("debug-health");
  if (!health.tool_servers.reachable) say(note, "servers_down");
  else if (!health.endpoints.length) say(note, "no_endpoints");
  else if (down.length) say(note, "endpoints_down", { names: down.join(", ") });
  show(note, !health.ok);
  byId("debug-loads").replaceChildren(...health.endpoints.map(loadOf));
}

// Only somebody who looks at the panel makes the servers be asked.
setInterval(() => {
  if (isOpen() && !document.hidden && !byId("desk").hidden) showHealth();
}, HEALTH_MS);

function loadOf({ name, slice, model, roles, reachable, left_alone: leftAlone, running, waiting, kv_cache: cache }) {
  const badge = slice ? say(`span.badge.slice-${slice}`, "slice", { slice }) : el("span.badge", {}, name);
  const parts = [badge, el("span.code", { title: (roles ?? []).join(", ") }, model)];
  if (!reachable) parts.push(say("span.badge.failed", "load_away"));
  else if (leftAlone) parts.push(say("span.badge.warn", "load_left_alone"));
  if (running !== null) parts.push(say("span", "load", { running, waiting: waiting ?? 0, cache: cache === null ? "–" : `${Math.round(cache * 100)}%` }));
  return el("li.meta.muted", {}, ...parts);
}
