// What the pages for those who look inside share: who is there, where one can go, and how a refusal is told.

import { call, onLoggedOut, told } from "../api.js";
import { byId, el } from "../dom.js";
import { currentLanguage, follow, say, t, use } from "../i18n.js";
import { setUpSwitches } from "../switches.js";

const PLACES = [["/desk", "desk"], ["/traces", "nav_traces"], ["/team", "nav_team"]];

export const fail = (error) => (byId("inside-error").textContent = error ? told(error) : "");

// Shows who is logged in; says no more than that to somebody who is not staff.
export async function enter() {
  await use(currentLanguage());
  setUpSwitches(fail);
  onLoggedOut(() => location.assign("/"));
  const account = await call("GET", "/auth/me").catch(() => null);
  if (!account) return location.assign("/");
  if (!account.staff) {
    say(byId("inside-error"), "error_staff_only");
    return null;
  }
  await follow(account.language).catch(fail);
  byId("who").textContent = account.name;
  byId("inside-nav").replaceChildren(...PLACES.map(place));
  return account;
}

function place([path, key]) {
  return say(el("a.quiet", { href: path, "aria-current": location.pathname === path ? "page" : null }), key);
}

export const number = (value, digits = 0) => value.toLocaleString(currentLanguage(), { maximumFractionDigits: digits });

// A time as people read it: milliseconds while they are few, else seconds.
export function time(ms) {
  if (ms === null || ms === undefined) return "–";
  return ms < 1_000 ? t("ms", { ms: Math.round(ms) }) : t("seconds", { s: number(ms / 1_000, 1) });
}

export function when(at, style = { dateStyle: "short", timeStyle: "medium" }) {
  return new Date(at).toLocaleString(currentLanguage(), style);
}
