// Lets a program in, or not: shows who asks for what to who is logged in, and takes the decision back to the program.

import { call, onLoggedOut, told } from "./api.js";
import { byId, show } from "./dom.js";
import { currentLanguage, follow, onLanguage, say, use } from "./i18n.js";
import { setUpLanguages } from "./languages.js";
import { setUpLogin, showLogin } from "./login.js";
import { scopeItem } from "./scopes.js";

const request = new URLSearchParams(location.search).get("request") ?? "";
let shown = "";
let place = "";
let refusal = null;

function only(id) {
  for (const each of ["login", "consent", "ended"]) show(byId(each), each === id);
  show(byId("logout"), id === "consent");
  if (id !== "consent") byId("who").textContent = "";
}

async function enter(account) {
  onLoggedOut(ask);
  await follow(account.language).catch(refuse);
  try {
    describe(await call("GET", `/api/consent?request=${encodeURIComponent(request)}`));
  } catch (error) {
    if (error.code !== "not_logged_in") end(error);
  }
}

function describe(asked) {
  shown = asked.shown;
  place = asked.back_to;
  byId("who").textContent = asked.name;
  if (asked.client) say(byId("consent-title"), "consent_title", { client: asked.client });
  else say(byId("consent-title"), "consent_title_nameless");
  say(byId("consent-as"), "consent_as", { name: asked.name, email: asked.email });
  show(byId("consent-staff"), asked.staff);
  byId("consent-scopes").replaceChildren(...asked.scopes.map(scopeItem));
  say(byId("consent-back"), asked.back_to ? "consent_back" : "consent_back_here", { place: asked.back_to });
  say(byId("consent-from"), asked.from ? "consent_from" : "consent_unchecked", { place: asked.from });
  only("consent");
  refuse(null);
}

async function decide(yes) {
  for (const id of ["allow", "deny"]) byId(id).disabled = true;
  try {
    const { redirect } = await call("POST", "/api/consent", { request, shown, yes });
    say(byId("ended-words"), yes ? "consent_allowed" : "consent_denied");
    only("ended");
    // Nobody has said yes to an address on the web: who said no goes there by a click, and knows where it leads.
    if (yes || !place) location.assign(redirect);
    else offer(redirect);
  } catch (error) {
    refuse(error);
  } finally {
    for (const id of ["allow", "deny"]) byId(id).disabled = false;
  }
}

function offer(redirect) {
  const back = say(byId("ended-back"), "consent_go_back", { place });
  back.href = redirect;
  show(back, true);
}

function refuse(error) {
  refusal = error;
  tell();
}

function tell() {
  byId("consent-error").textContent = refusal ? told(refusal) : "";
}

function end(error) {
  byId("ended-words").textContent = told(error);
  onLanguage(() => (byId("ended-words").textContent = told(error)));
  only("ended");
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
  byId("allow").addEventListener("click", () => decide(true));
  byId("deny").addEventListener("click", () => decide(false));
  const account = await call("GET", "/auth/me").catch(() => null);
  // A visitor has nothing to let a program into.
  return account && !account.visitor ? enter(account) : ask();
}

start();
