// What the pages of those who look inside share: who is there, where one can go, how a refusal is told.

import { call, onLoggedOut, refusals, url } from "../api.js";
import { byId, el, show } from "../dom.js";
import { currentLanguage, onLanguage, say, t } from "../i18n.js";
import { setUpSwitches } from "../switches.js";

const PLACES = [["/desk", "desk"], ["/traces", "nav_traces"], ["/team", "nav_team"], ["/tasks", "nav_tasks"]];

export const fail = refusals("inside-error");

// The desk lets staff in and sends them back.
const logIn = () => location.assign(`/desk?to=${location.pathname.slice(1)}${location.hash}`);

// Shows who is logged in; says no more than that to somebody who is not staff.
export async function enter() {
  setUpSwitches(fail);
  onLoggedOut(logIn);
  const account = await call("GET", "/auth/me").catch(() => null);
  if (!account) return logIn();
  if (!account.staff) {
    fail({ code: "staff_only" });
    return null;
  }
  byId("who").textContent = account.name;
  byId("inside-nav").replaceChildren(...PLACES.map(place));
  return account;
}

// A list, and one of it below its own address (#id).
export function setUpPlaces(list, open) {
  const visit = async () => {
    const id = decodeURIComponent(location.hash.slice(1));
    show("overview", !id);
    show("one", id);
    // Who opens another one meanwhile sees nothing of this one.
    const one = el("div");
    byId("one").replaceChildren(one);
    fail(null);
    await (id ? open(one, id) : list()).catch(fail);
  };
  addEventListener("hashchange", visit);
  onLanguage(visit);
  return visit();
}

export function lineOf(id, at, asked, told, marks) {
  return el(
    "li",
    {},
    el(
      "a",
      { href: url`#${id}`, "data-id": id },
      el("time.when", { datetime: at }, when(at)),
      el("span.asked.one-line", {}, el("bdi", {}, asked)),
      el("span.told.one-line", {}, told),
      el("span.marks", {}, ...marks),
    ),
  );
}

export function headOf(back, asked, more, facts) {
  const title = el("h1", { tabindex: "-1", dir: "auto" }, asked);
  return [
    el("div.one-head", {}, say(el("a.quiet", { href: "#" }), back), title, ...more),
    el("p.one-facts", {}, ...facts.map((one) => el("span", {}, one))),
  ];
}

export const badge = (kind, key, values = {}) => say(`span.badge.${kind}`, key, values);

function place([path, key]) {
  return say(el("a.quiet", { href: path, "aria-current": location.pathname === path ? "page" : null }), key);
}

export const endpointOption = ({ key, model }) => el("option", { value: key }, `${key} · ${model}`);

export const number = (value, digits = 0) => value.toLocaleString(currentLanguage(), { maximumFractionDigits: digits });

export function time(ms) {
  if (ms == null) return "–";
  return ms < 1_000 ? t("ms", { ms: Math.round(ms) }) : t("seconds", { s: number(ms / 1_000, 1) });
}

export function when(at, style = { dateStyle: "short", timeStyle: "medium" }) {
  return new Date(at).toLocaleString(currentLanguage(), style);
}
