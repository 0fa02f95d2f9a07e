// The desk of the shop's staff: the queue, what is opened from it, and the customer beside it.

import { told } from "../api.js";
import { byId, show } from "../dom.js";
import { PersonPage } from "../person.js";
import { Tab } from "../tabs.js";
import { showBeside } from "./beside.js";
import { fillQueue, markOpen, setUpQueue } from "./queue.js";
import { Work } from "./work.js";

const SOON_MS = 250;
const INSIDE = ["traces", "team", "tasks"];

function tell(error) {
  byId("error").textContent = error ? told(error) : "";
  // Where nothing is open, the queue says it.
  if (error && byId("open").hidden) byId("total").textContent = told(error);
}
const work = new Work({ tell, onChanged: () => soon() });
// The queue and the open chat are two that listen to the browser's one stream.
const news = new Tab((kind, data) => kind === "queue" && soon(data.tickets));
const page = new PersonPage(["desk", "not-staff"], { enter, refuse: tell, leave });

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
  page.only(account.staff ? "desk" : "not-staff");
  if (!account.staff) return;
  const to = new URLSearchParams(location.search).get("to");
  if (INSIDE.includes(to)) return location.replace(`/${to}${location.hash}`);
  show("to-traces", true);
  await work.prepare();
  await fillQueue().catch(tell);
  news.follow({ conversation: "desk", after: 0 });
  await openNamed();
}

function leave() {
  news.follow(null);
  work.close();
  show("to-traces", false);
}

setUpQueue({ onPick: (id) => (location.hash = encodeURIComponent(id)), onError: tell });
addEventListener("hashchange", () => byId("desk").hidden || openNamed());
page.start();
