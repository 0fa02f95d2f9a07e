// A change that a program asked for: its question, and the yes or no of the person whose it is.

import { moment } from "./amounts.js";
import { call, refusals, told } from "./api.js";
import { byId, el, onClick, show } from "./dom.js";
import { disable } from "./field.js";
import { onLanguage, say, t } from "./i18n.js";
import { PersonPage } from "./person.js";
import { facts, untilMs } from "./question.js";

const ENDED = { done: "confirm_done", declined: "confirm_declined", expired: "confirm_expired", failed: "confirm_failed" };
// The second click of a double click elsewhere must not land on a button that has only just appeared.
const TOO_SOON_MS = 500;

const path = `/confirm/${encodeURIComponent(decodeURIComponent(location.pathname.split("/").pop()))}`;
const refuse = refusals("confirm-error");
const page = new PersonPage(["confirm", "ended"], { enter: describe, refuse });
let end = null;
let open = null;
let expires;
let shownAt = 0;

async function describe() {
  try {
    const asked = await call("GET", `/api${path}`);
    if (asked.status === "open" || asked.status === "running") return offer(asked);
    const { outcome } = asked;
    close(ENDED[asked.status], () => (outcome?.error ? told({ code: outcome.code, message: outcome.error }) : (outcome?.summary ?? asked.text)));
  } catch (error) {
    if (error.code !== "not_logged_in") fail(error);
  }
}

function offer(asked) {
  say(byId("confirm-as"), "confirm_as", { name: asked.name });
  byId("confirm-text").textContent = asked.text;
  const changed = new URLSearchParams(location.search).has("changed");
  show("confirm-note", asked.staff || changed);
  say(byId("confirm-note"), changed ? "confirm_changed" : "confirm_staff");
  page.only("confirm");
  refuse(null);
  clearTimeout(expires);
  expires = setTimeout(describe, untilMs(asked.expires_at) + 500);
  if (open !== null) return;
  open = asked;
  shownAt = Date.now();
  who();
  look(asked);
}

// What asks, and for whom, as it was said: nobody has checked what a program calls itself.
function who() {
  if (!open) return;
  const rows = [["confirm_program", open.program || t("confirm_program_nameless")], ["confirm_customer", open.customer], ["confirm_until", moment(open.expires_at)]];
  byId("confirm-who").replaceChildren(...rows.filter(([, value]) => value).flatMap(([key, value]) => [say("dt", key), el("dd", { dir: "auto" }, value)]));
}

async function look(asked) {
  const { order, address, customer } = await call("GET", `/api${path}/now`).catch(() => ({}));
  open.customer = customer;
  who();
  if (asked.proposal) byId("confirm-facts").replaceChildren(...(await facts(asked.proposal, order ?? null, address).catch(() => [])));
}

async function decide(yes) {
  if (Date.now() - shownAt < TOO_SOON_MS) return;
  disable(["yes", "no"], true);
  try {
    const done = await call("POST", path, { yes });
    close(ENDED[done.status] ?? "confirm_done", () => done.summary ?? "");
  } catch (error) {
    if (error.code === "facts_changed" && error.link) return location.replace(`${new URL(error.link).pathname}?changed`);
    // In another tab, or on another device, it may have been answered meanwhile.
    if (error.code === "otherwise_answered" || error.code === "question_expired") await describe();
    else if (error.status === 409 || error.status === 404) close("confirm_failed", () => told(error));
    else refuse(error);
  } finally {
    disable(["yes", "no"], false);
  }
}

function close(key, more) {
  clearTimeout(expires);
  open = null;
  end = more;
  say(byId("ended-words"), key);
  tell();
  page.only("ended");
}

function fail(error) {
  end = () => "";
  delete byId("ended-words").dataset.i18n;
  refusals("ended-words")(error);
  tell();
  page.only("ended");
}

function tell() {
  byId("ended-more").textContent = end ? end() : "";
  who();
}

onLanguage(tell);
onClick("yes", () => decide(true));
onClick("no", () => decide(false));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && open && describe());
page.start();
