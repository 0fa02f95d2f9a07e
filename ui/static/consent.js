// Lets a program in, or not: shows who asks for what, and takes the decision back to the program.

import { call, refusals, url } from "./api.js";
import { byId, onClick, show } from "./dom.js";
import { disable } from "./field.js";
import { say } from "./i18n.js";
import { PersonPage } from "./person.js";
import { scopeItem } from "./scopes.js";

const request = new URLSearchParams(location.search).get("request") ?? "";
const refuse = refusals("consent-error");
const page = new PersonPage(["consent", "ended"], { enter, refuse });
let shown = "";
let place = "";

async function enter() {
  try {
    describe(await call("GET", url`/api/consent?request=${request}`));
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
  show("consent-staff", asked.staff);
  byId("consent-scopes").replaceChildren(...asked.scopes.map(scopeItem));
  say(byId("consent-back"), asked.back_to ? "consent_back" : "consent_back_here", { place: asked.back_to });
  say(byId("consent-from"), asked.from ? "consent_from" : "consent_unchecked", { place: asked.from });
  page.only("consent");
  refuse(null);
}

async function decide(yes) {
  disable(["allow", "deny"], true);
  try {
    const { redirect } = await call("POST", "/api/consent", { request, shown, yes });
    say(byId("ended-words"), yes ? "consent_allowed" : "consent_denied");
    finish();
    // Nobody has said yes to an address on the web: who said no goes there by a click, and knows where it leads.
    if (yes || !place) location.assign(redirect);
    else offer(redirect);
  } catch (error) {
    refuse(error);
  } finally {
    disable(["allow", "deny"], false);
  }
}

function offer(redirect) {
  const back = say(byId("ended-back"), "consent_go_back", { place });
  back.href = redirect;
  show(back, true);
}

// What is decided is decided, so there is no other account to decide as.
function finish() {
  page.only("ended");
  show("logout", false);
}

function end(error) {
  refusals("ended-words")(error);
  finish();
}

onClick("allow", () => decide(true));
onClick("deny", () => decide(false));
page.start();
