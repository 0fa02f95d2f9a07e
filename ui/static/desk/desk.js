// The desk of the shop's staff: the queue, what is opened from it, and the customer beside it.

import { call, onLoggedOut, told } from "../api.js";
import { byId, onClick, show } from "../dom.js";
import { currentLanguage, use } from "../i18n.js";
import { setUpLogin, showLogin } from "../login.js";
import { setUpSwitches } from "../switches.js";
import { Tab } from "../tabs.js";
import { showBeside } from "./beside.js";
import { fillQueue, markOpen, setUpQueue } from "./queue.js";
import { Work } from "./work.js";

const SOON_MS = 250;

const tell = (error) => (byId("error").textContent = error ? told(error) : "");
const work = new Work({ tell, onChanged: () => soon() });
// The queue and the open chat are two that listen to the browser's one stream.
const news = new Tab((kind, data) => kind === "queue" && soon(data.tickets), () => {});

let waiting = null;
let changed = new Set();

// News come in bursts, and one look answers all of them.
function soon(tickets = []) {
  for (const ticket of tickets) changed.add(ticket);
  clearTimeout(waiting);
  waiting = setTimeout(look, SOON_MS);
}

async function look() {
  const seen = changed;
  changed = new Set();
  await fillQueue().catch(tell);
  if (work.concerns(seen)) await work.refresh().catch(tell);
}

async function openNamed() {
  const id = decodeURIComponent(location.hash.slice(1));
  tell(null);
  markOpen(id);
  document.body.classList.toggle("opened", Boolean(id));
  show("nothing", !id);
  try {
    const opened = id ? await work.open(id) : work.close();
    await showBeside(opened?.customer, opened?.conversation_id);
  } catch (error) {
    location.hash = "";
    tell(error);
  }
}

async function enter(account) {
  onLoggedOut(quit);
  show("logout", true);
  byId("who").textContent = account.name || account.email;
  if (!account.staff) return show("not-staff", true);
  for (const id of ["desk", "to-traces"]) show(id, true);
  await work.prepare();
  await fillQueue().catch(tell);
  news.follow({ conversation: "desk", after: 0 });
  await openNamed();
}

async function quit() {
  onLoggedOut(() => {});
  news.follow(null);
  work.close();
  byId("who").textContent = "";
  for (const id of ["desk", "not-staff", "logout", "to-traces"]) show(id, false);
  await showLogin();
}

async function start() {
  await use(currentLanguage());
  setUpLogin(enter);
  setUpSwitches(tell);
  setUpQueue({ onPick: (id) => (location.hash = encodeURIComponent(id)), onError: tell });
  onClick("logout", () => call("POST", "/auth/logout").then(quit).catch(tell));
  addEventListener("hashchange", () => byId("desk").hidden || openNamed());
  const account = await call("GET", "/auth/me").catch(() => null);
  return account && !account.visitor ? enter(account) : showLogin();
}

start();
