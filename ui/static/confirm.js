// A change that a program asked for: shows the question to the person whose it is, and takes their yes or no.

import { call, onLoggedOut, told } from "./api.js";
import { byId, show } from "./dom.js";
import { currentLanguage, follow, onLanguage, say, use } from "./i18n.js";
import { setUpLanguages } from "./languages.js";
import { setUpLogin, showLogin } from "./login.js";

const ENDED = { done: "confirm_done", declined: "confirm_declined", expired: "confirm_expired", failed: "confirm_failed" };

const question = decodeURIComponent(location.pathname.split("/").pop());
let refusal = null;

function only(id) {
  for (const each of ["login", "confirm", "ended"]) show(byId(each), each === id);
  show(byId("logout"), id !== "login");
  if (id === "login") byId("who").textContent = "";
}

async function enter(account) {
  onLoggedOut(ask);
  byId("who").textContent = account.name;
  await follow(account.language).catch(refuse);
  await describe();
}

async function describe() {
  try {
    const asked = await call("GET", `/api/confirm/${encodeURIComponent(question)}`);
    if (asked.status === "open" || asked.status === "running") return offer(asked);
    end(ENDED[asked.status], asked.outcome?.summary ?? asked.outcome?.error ?? asked.text);
  } catch (error) {
    if (error.code !== "not_logged_in") fail(error);
  }
}

function offer(asked) {
  say(byId("confirm-as"), "confirm_as", { name: asked.name });
  byId("confirm-text").textContent = asked.text;
  const changed = new URLSearchParams(location.search).has("changed");
  show(byId("confirm-note"), asked.staff || changed);
  say(byId("confirm-note"), changed ? "confirm_changed" : "confirm_staff");
  only("confirm");
  refuse(null);
}

async function decide(yes) {
  for (const id of ["yes", "no"]) byId(id).disabled = true;
  try {
    const done = await call("POST", `/confirm/${encodeURIComponent(question)}`, { yes });
    end(ENDED[done.status] ?? "confirm_done", done.summary ?? "");
  } catch (error) {
    if (error.code === "facts_changed") return location.replace(`${new URL(error.link).pathname}?changed`);
    if (error.status === 409 || error.status === 410 || error.status === 404) fail(error);
    else refuse(error);
  } finally {
    for (const id of ["yes", "no"]) byId(id).disabled = false;
  }
}

function end(key, more) {
  say(byId("ended-words"), key);
  byId("ended-more").textContent = more;
  only("ended");
}

function fail(error) {
  const tell = () => (byId("ended-words").textContent = told(error));
  onLanguage(tell);
  tell();
  byId("ended-more").textContent = "";
  only("ended");
}

function refuse(error) {
  refusal = error;
  tell();
}

function tell() {
  byId("confirm-error").textContent = refusal ? told(refusal) : "";
}

function ask() {
  onLoggedOut(() => {});
  only("login");
  return showLogin();
}

async function start() {
  await use(currentLanguage());
  setUpLogin(enter);
  onLanguage(tell);
  setUpLanguages(refuse);
  byId("logout").addEventListener("click", () => call("POST", "/auth/logout").then(ask).catch(refuse));
  byId("yes").addEventListener("click", () => decide(true));
  byId("no").addEventListener("click", () => decide(false));
  const account = await call("GET", "/auth/me").catch(() => null);
  // A visitor has no order that a program could change.
  return account && !account.visitor ? enter(account) : ask();
}

start();
