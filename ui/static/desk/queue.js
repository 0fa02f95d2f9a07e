// What waits: tickets by urgency, everybody's chats, and what the handbook does not answer.

import { moment } from "../amounts.js";
import { call } from "../api.js";
import { byId, el, onClick, show } from "../dom.js";
import { choices, lookWhenTyped, onSubmit, option } from "../field.js";
import { onLanguage, say, t } from "../i18n.js";

const PAGE = 50;
const FILTERS = {
  status: ["unresolved", "waiting for staff", "open", "waiting for customer", "resolved", "all"],
  holder: ["any", "mine", "nobody"],
  category: ["", "delivery", "damage", "return", "payment", "product", "account", "other"],
};

let ways = null;
let markView = null;
let view = "tickets";
let shown = PAGE;
let cursor = null;
let asked = 0;
let opened = "";

export const word = (value) => value.replace(/\W+/g, "_");

export function setUpQueue({ onPick, onError }) {
  ways = { onPick, onError };
  for (const [id, values] of Object.entries(FILTERS)) {
    byId(id).replaceChildren(...values.map((value) => option(value, `desk_${id}_${word(value) || "all"}`)));
    byId(id).addEventListener("change", anew);
  }
  onSubmit(byId("filters"), () => {});
  markView = choices("view", turnTo);
  lookWhenTyped(byId("search"), anew);
  onClick("more", () => (view === "tickets" ? ((shown += PAGE), fillQueue()) : fillQueue(cursor)).catch(onError));
  onLanguage(() => ways && fillQueue().catch(onError));
  mark();
}

function turnTo(next) {
  view = next;
  mark();
  anew();
}

function mark() {
  markView(view);
  for (const id of Object.keys(FILTERS)) show(id, view === "tickets");
  show("search", view !== "gaps");
}

function anew() {
  shown = PAGE;
  fillQueue().catch(ways.onError);
}

export function markOpen(id) {
  opened = id;
  for (const item of byId("items").querySelectorAll("[data-id]")) item.toggleAttribute("aria-current", item.dataset.id === id);
}

const LOADS = { tickets, chats, gaps };

export async function fillQueue(after) {
  if (byId("desk").hidden) return;
  const number = ++asked;
  const { items, total, next } = await LOADS[view](after);
  // Answers may overtake each other while somebody types.
  if (number !== asked) return;
  cursor = next;
  if (after) byId("items").append(...items);
  else keepFocus(() => byId("items").replaceChildren(...items));
  show("more", next);
  say(byId("total"), ...total);
  markOpen(opened);
}

// Whoever walks through the list with the keyboard stays there when it is drawn anew.
function keepFocus(draw) {
  const id = byId("items").contains(document.activeElement) ? document.activeElement.dataset.id : null;
  draw();
  if (id) byId("items").querySelector(`[data-id="${CSS.escape(id)}"]`)?.focus();
}

async function tickets() {
  const wanted = [...Object.keys(FILTERS), "search"].map((id) => [id, byId(id).value]);
  const found = await call("GET", `/api/desk/queue?${new URLSearchParams([...wanted, ["limit", shown]])}`);
  return { items: found.tickets.map(ticket), total: ["desk_total", { count: found.total }], next: found.more };
}

async function chats(after) {
  const found = await call("GET", `/api/desk/chats?${new URLSearchParams({ search: byId("search").value, ...(after ? { after } : {}) })}`);
  return { items: found.chats.map(chat), total: [found.chats.length ? "desk_chats_more" : "nothing_found"], next: found.next_cursor };
}

async function gaps() {
  const found = (await call("GET", "/api/desk/gaps")).gaps;
  return { items: found.map(gap), total: [found.length ? "desk_gaps_more" : "desk_no_gaps"], next: null };
}

function item(id, kind, ...parts) {
  return el("li", {}, el("button", { type: "button", class: `desk-item ${kind}`, "data-id": id, onclick: () => ways.onPick(id) }, ...parts));
}

function ticket(one) {
  const waits = one.conversation_id && one.due_at;
  const facts = el("span.facts", {}, statusBadge(one.status), priorityBadge(one.priority), waits ? say("span.badge.live", "desk_in_chat") : null, due(one));
  const who = whose("span.line", customerName(one.customer), one.ticket_id, one.holder && named(`· ${t("desk_has", { name: one.holder })}`));
  return item(one.ticket_id, waits ? "waits" : "", el("span.subject", { dir: "auto" }, one.subject || one.ticket_id), who, facts);
}

function chat(one) {
  const state = one.ticket_id ? say("span.badge.live", "desk_with_person") : one.running ? say("span.badge", "turn_running") : null;
  return item(one.conversation_id, "", el("span.subject", { dir: "auto" }, one.title), whose("span.line", customerName(one.customer), moment(one.updated_at)), state && el("span.facts", {}, state));
}

function gap(one) {
  return el("li.desk-item.gap", {}, el("span.subject", { dir: "auto", lang: one.language }, one.question), el("span.muted.line", {}, t("desk_asked", { count: one.times }), " · ", moment(one.last_at)));
}

export const statusBadge = (status) => say(`span.badge.state-${word(status).replaceAll("_", "-")}`, `desk_status_${word(status)}`);

// What is as urgent as most is not worth a mark.
export const priorityBadge = (priority) => (priority === "normal" ? null : say(`span.badge.priority-${priority}`, `desk_priority_${priority}`));

export function due({ due_at: at, overdue }) {
  return at ? el("span", { class: overdue ? "late" : "muted" }, t(overdue ? "desk_overdue" : "desk_due", { at: moment(at) })) : null;
}

const named = (name) => el("bdi.one-line", {}, name);

// Of a long name less is seen, and not of what follows it.
export function whose(kind, name, ...more) {
  const parts = more.filter(Boolean).map((one) => (one.nodeType ? one : el("span", {}, "· ", one)));
  return el(`${kind}.muted.whose`, {}, named(name), ...parts);
}

export const customerName = (customer, staff) => customer?.name || (staff ? t("desk_of_staff", { name: staff }) : t("visitor"));
