// The programs that somebody let in by their login, each with a button that ends it; and how to connect another.

import { call, onLoggedOut, refusals, url } from "./api.js";
import { byId, el } from "./dom.js";
import { currentLanguage, follow, onLanguage, say } from "./i18n.js";
import { scopeItem } from "./scopes.js";
import { setUpSwitches } from "./switches.js";
import { copying } from "./tools.js";

const refuse = refusals("programs-error");
let clients = [];

async function list() {
  const programs = await call("GET", "/api/programs");
  byId("programs").replaceChildren(...programs.map(card));
  say(byId("programs-note"), programs.length ? "programs_more" : "programs_none");
  tellDates();
}

function card(program) {
  const name = el("h2");
  if (program.client) name.textContent = program.client;
  else say(name, "program_nameless");
  return el(
    "li.panel",
    { "data-id": program.id },
    name,
    say("p.muted.small", ...placeOf(program)),
    el("ul.scopes", {}, ...program.scopes.map(scopeItem)),
    el("p.muted.small", { "data-since": program.since, "data-until": program.until }),
    say(el("button", { onclick: (event) => disconnect(event, program) }), "disconnect"),
  );
}

// Anybody can take any name: where a program comes from, or where it sent the browser, tells two of them apart.
function placeOf({ from, back_to: place }) {
  if (from) return ["program_from", { place: from }];
  return place ? ["program_back", { place }] : ["program_here", {}];
}

function listClients() {
  byId("clients").replaceChildren(...clients.map(howToConnect));
}

function howToConnect({ name, where, line }) {
  return el(
    "details.panel",
    {},
    el("summary", {}, name),
    el("p.muted.small", {}, where[currentLanguage()]),
    el("pre", {}, el("code", {}, line)),
    copying(say("button.quiet", "copy"), () => line),
  );
}

// Asked twice: the first click says what a second one does. A double click is one click.
async function disconnect({ target: button, detail: clicks }, program) {
  if (clicks > 1) return;
  if (button.dataset.i18n === "disconnect") {
    button.className = "primary";
    say(button, "disconnect_sure");
    return;
  }
  button.disabled = true;
  refuse(null);
  await call("DELETE", url`/api/programs/${program.id}`).catch(refuse);
  await list().catch(refuse);
  // It is still there where the list could not be read anew.
  button.disabled = false;
}

function tellDates() {
  const format = new Intl.DateTimeFormat(currentLanguage(), { dateStyle: "medium" });
  for (const line of document.querySelectorAll("[data-since]")) {
    const [since, until] = [line.dataset.since, line.dataset.until].map((at) => format.format(new Date(at)));
    say(line, "program_dates", { since, until });
  }
}

async function start() {
  // Who is not logged in logs in on the page itself.
  onLoggedOut(() => location.assign("/"));
  onLanguage(() => (tellDates(), listClients()));
  setUpSwitches(refuse);
  const account = await call("GET", "/auth/me");
  if (account.visitor) return location.assign("/");
  await follow(account);
  byId("who").textContent = account.name;
  clients = await call("GET", "/api/connect");
  listClients();
  await list();
}

start().catch(refuse);
