// The page: logs in, opens one conversation at a time, and hands its steps on.

import { call, onLoggedOut, told, url } from "./api.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { allowSteps, Debug, setUpDebug, showHealth } from "./debug.js";
import { byId, onClick, show } from "./dom.js";
import { close as closeHistory, name, refreshHistory, setUpHistory } from "./history.js";
import { follow, say } from "./i18n.js";
import { setUpLogin, showLogin } from "./person.js";
import { setUpSwitches } from "./switches.js";
import { Tab } from "./tabs.js";

let chat = null;
let debug = null;
let conversation = null;
let opened = null;

const composer = new Composer({ onSend: send, onStop: () => chat.stop() });

const WAYS = {
  onRunning: (is) => composer.run(is),
  onError: (words) => composer.tell(words),
  tell: (text) => composer.suggest(text),
  begin: (text) => composer.begin(text),
};

const tab = new Tab((kind, data) => take(kind, data), (state) => opened && connection(state));

const tell = (error) => composer.tell(told(error));

async function send(text, imageIds) {
  if (!opened) await open((await call("POST", "/api/conversations")).id);
  await chat.send(text, imageIds);
}

// A new conversation is made with its first message, so that looking at the page leaves nothing behind.
function blank() {
  leave();
  begin("");
  byId("title").replaceChildren();
  show("export", false);
  composer.turnTo(null);
  byId("text").focus();
}

function begin(id) {
  chat = new Chat(id, WAYS);
  debug = new Debug();
}

// Back leads from a chat to the one before it or to an empty one, and not out of the page.
function visit(id) {
  if (location.hash.slice(1) !== id) history.pushState({ inside: true }, "", id ? `#${id}` : location.pathname);
}

async function open(id) {
  conversation = await call("GET", url`/api/conversations/${id}`);
  leave();
  opened = conversation.id;
  visit(opened);
  byId("title").replaceChildren(name(conversation));
  byId("export").href = url`/api/conversations/${opened}/export`;
  show("export", true);
  begin(opened);
  composer.turnTo(opened);
  tab.follow({ conversation: opened, after: 0 });
  chat.showThumbs().catch(tell);
}

function take(kind, data) {
  chat.take(kind, data);
  debug.take(kind, data);
  if (kind === "turn_ended") refreshHistory();
  if (kind === "message" && data.role === "customer" && !conversation.title) entitle(data.text);
}

function entitle(text) {
  conversation.title = text;
  byId("title").replaceChildren(name(conversation));
}

function leave() {
  tab.follow(null);
  opened = null;
  connection("open");
}

function connection(state) {
  const note = byId("connection");
  show(note, state !== "open");
  if (state !== "open") say(note, "reconnecting");
  if (state === "refused") call("GET", "/auth/me").catch(() => {});
}

async function enter(account) {
  onLoggedOut(quit);
  await follow(account).catch(tell);
  introduce(account);
  allowSteps(await call("GET", "/api/steps"));
  for (const id of ["desk", "logout"]) show(id, true);
  comeInside();
  await openNamed();
  showHealth();
}

// Whoever comes by a link to a chat finds the empty one behind it.
function comeInside() {
  const id = location.hash.slice(1);
  if (!id || history.state?.inside) return;
  forgetPlace();
  visit(id);
}

// A visitor has no name to show, nothing to log out of, and nobody whom a picture would belong to.
function introduce({ visitor, name: called, staff }) {
  const who = byId("who");
  if (visitor) say(who, "visitor");
  else who.textContent = called;
  say(byId("logout"), visitor ? "log_in" : "log_out");
  show("attach", !visitor);
  show("to-desk", staff);
  show("inside-link", staff);
  show("programs", !visitor);
}

const forgetPlace = () => history.replaceState({ inside: true }, "", location.pathname);

async function openNamed() {
  const id = location.hash.slice(1);
  if (id && id === opened) return;
  if (!id) return blank();
  try {
    await open(id);
  } catch (error) {
    forgetPlace();
    blank();
    tell(error);
  }
}

async function quit() {
  onLoggedOut(() => {});
  leave();
  composer.quit();
  closeHistory();
  history.replaceState(null, "", location.pathname);
  byId("who").textContent = "";
  delete byId("who").dataset.i18n;
  byId("messages").replaceChildren();
  byId("turns").replaceChildren();
  allowSteps({ shown: false });
  for (const id of ["desk", "logout", "programs", "to-desk", "inside-link"]) show(id, false);
  await showLogin();
}

async function logOut() {
  await call("POST", "/auth/logout");
  await quit();
}

async function start() {
  setUpLogin(enter);
  setUpDebug();
  setUpHistory({
    onPick: (id) => open(id).catch(tell),
    onRenamed: (one) => one.id === opened && entitle(one.title),
    onDeleted: (one) => one.id === opened && (forgetPlace(), blank()),
    onError: tell,
  });
  setUpSwitches(tell);
  onClick("new", () => (visit(""), blank()));
  onClick("logout", () => logOut().catch(tell));
  addEventListener("popstate", () => byId("desk").hidden || openNamed());
  const account = await call("GET", "/auth/me").catch(() => null);
  return account ? enter(account) : showLogin();
}

start();
