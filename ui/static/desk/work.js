// What is open on the desk: a ticket with its chat, history and notes, or a chat of the team's.

import { moment } from "../amounts.js";
import { call, url } from "../api.js";
import { byId, el, onClick, show } from "../dom.js";
import { choices, disable, fit, keepDraft, keptDraft, onSubmit, option, sendByEnter } from "../field.js";
import { currentLanguage, label, onLanguage, say, t } from "../i18n.js";
import { bubble, drawInto } from "../message.js";
import { Tab } from "../tabs.js";
import { customerName, due, priorityBadge, statusBadge, whose, word } from "./queue.js";

const STATES = ["open", "waiting for customer", "waiting for staff"];
const NEWS = { muted: "muted", given_back: "given_back", question: "desk_asked_customer" };

const path = (ticketId) => url`/api/desk/tickets/${ticketId}`;
const chatPath = (id) => url`/api/desk/conversations/${id}`;

export class Work {
  constructor({ tell, onChanged }) {
    this.tell = tell;
    this.onChanged = onChanged;
    this.canned = [];
    this.tab = new Tab((kind, data) => this.hear(kind, data));
    this.mark = choices("way", (way) => this.turnTo(way));
    this.turnTo("reply");
    onSubmit(byId("composer"), () => this.send());
    onClick("resolve", () => this.act("resolve", { text: byId("text").value }, true));
    onClick("draft", () => this.draft());
    byId("canned").addEventListener("change", () => this.useCanned());
    byId("text").addEventListener("input", ({ target }) => (keepDraft(this.id, target.value), fit(target)));
    sendByEnter(byId("text"), () => byId("composer").requestSubmit());
    onLanguage(() => this.drawCanned());
  }

  async prepare() {
    this.canned = (await call("GET", "/api/desk/canned")).answers;
    this.me = (await call("GET", "/api/desk/queue?limit=1")).me;
    this.drawCanned();
  }

  async open(id) {
    this.close();
    this.id = id;
    const isChat = id.startsWith("c_");
    const chat = isChat ? await call("GET", chatPath(id)) : null;
    const ticketId = isChat ? chat.ticket_id : id;
    this.ticket = ticketId ? await call("GET", path(ticketId)) : null;
    if (this.id !== id) return null;
    this.chat = chat ?? (this.ticket.conversation_id ? await call("GET", chatPath(this.ticket.conversation_id)) : null);
    show("open", true);
    this.write(keptDraft(id), id);
    this.draw();
    if (this.chat) this.tab.follow({ conversation: this.chat.conversation_id, after: 0 });
    return { customer: this.ticket?.customer ?? this.chat?.customer, conversation_id: this.chat?.conversation_id };
  }

  close() {
    this.id = this.ticket = this.chat = null;
    this.tab.follow(null);
    this.placed = [];
    this.givenBack = Infinity;
    byId("messages").replaceChildren();
    show("open", false);
    show("working", false);
    return null;
  }

  concerns(tickets) {
    return this.ticket ? tickets.has(this.ticket.ticket_id) : this.chat;
  }

  async refresh() {
    const id = this.id;
    if (!this.ticket) {
      const chat = await call("GET", chatPath(this.chat.conversation_id));
      // Somebody else took it meanwhile.
      return chat.ticket_id && id === this.id ? this.open(id) : null;
    }
    const ticket = await call("GET", path(this.ticket.ticket_id));
    if (id === this.id) this.became(ticket);
    return null;
  }

  became(ticket) {
    const was = this.chat?.conversation_id;
    this.ticket = ticket;
    if (ticket.conversation_id && ticket.conversation_id !== was) return this.open(this.id).catch(this.tell);
    return this.draw();
  }

  draw() {
    this.drawHead();
    const { history = [], notes = [] } = this.ticket ?? {};
    // A chat tells what was said in it by itself; once it is given back, staff write on the ticket.
    const said = this.chat ? history.filter(({ at }) => !this.ticket.conversation_id && Date.parse(at) > this.givenBack) : history;
    for (const entry of said) this.place(`h${entry.at}${entry.by}`, entry.at, () => this.entry(entry));
    for (const note of notes) this.place(`n${note.at}${note.by}`, note.at, () => this.entry(note));
    this.turnTo(this.way);
    show("composer", this.ticket);
    show("resolve", this.ticket?.status !== "resolved");
  }

  drawHead() {
    const { ticket, chat } = this;
    const back = label(el("a.back.quiet", { href: "#" }, "←"), "desk_back");
    const about = ticket?.subject || chat?.title || ticket.ticket_id;
    const title = el("h2", { dir: "auto", title: about }, about);
    const who = whose("p", customerName(ticket?.customer ?? chat?.customer, chat?.staff), ticket?.ticket_id, ticket?.order_id);
    byId("head").replaceChildren(back, el("div.grow", {}, title, who), el("div.facts", {}, ...(ticket ? this.facts() : [])), el("div.deeds", {}, ...(ticket ? this.deeds() : chat.staff ? [] : [this.deed("desk_take_chat", () => this.takeChat(), "primary")])));
  }

  facts() {
    const { ticket } = this;
    const own = ticket.taken_by === this.me ? t("desk_yours") : t("desk_has", { name: ticket.holder });
    const holder = ticket.holder ? el("span.badge", {}, own) : null;
    return [statusBadge(ticket.status), priorityBadge(ticket.priority), due(ticket), holder].filter(Boolean);
  }

  deeds() {
    const { ticket, me } = this;
    const take = () => this.act("take", { instead_of: ticket.taken_by });
    const own = ticket.taken_by === me;
    const states = label(el("select", { class: "quiet", onchange: (event) => this.act("status", { status: event.target.value }) }), "desk_status");
    const current = option("", "desk_change_status");
    states.append(current, ...STATES.filter((state) => state !== ticket.status).map((state) => option(state, ticket.status === "resolved" && state === "open" ? "desk_reopen" : `desk_status_${word(state)}`)));
    return [
      own ? this.deed("desk_release", () => this.act("release")) : this.deed(ticket.taken_by ? "desk_take_from" : "desk_take", take, ticket.taken_by ? "" : "primary"),
      ticket.conversation_id && (own || !ticket.taken_by) ? this.deed("desk_give_back", () => this.act("give-back")) : null,
      states,
    ].filter(Boolean);
  }

  deed(key, onclick, kind = "") {
    return say(el("button", { class: kind, onclick }), key);
  }

  hear(kind, data) {
    if (kind === "message" && !data.question_id) this.place(`s${data.seq}`, data.at, () => this.said(data));
    else if (kind in NEWS) this.place(`s${data.seq}`, data.at, () => el("li.news.muted", {}, t(NEWS[kind]), kind === "question" ? ` ${data.text}` : ""));
    if (kind === "given_back") this.givenBack = Date.parse(data.at);
    if (kind === "turn_started") this.work("desk_team_answers");
    if (kind === "turn_ended") show("working", false);
  }

  said({ role, text, image_ids: images = [], agent, policies, at, seq }) {
    const node = bubble(role, text, images, agent, policies);
    node.querySelector(".author").replaceWith(this.author(role === "customer" ? customerName(this.chat.customer, this.chat.staff) : agent || t(role === "person" ? "person" : "shop_desk"), at));
    const thumb = this.chat.thumbs?.[seq];
    if (thumb) node.append(el("span", { class: `thumb-given ${thumb}` }, t(`thumb_${thumb}`)));
    return node;
  }

  entry({ role, text, by, at, kind }) {
    const whose = { customer: "customer", note: "note" }[role] ?? "person";
    const name = role === "customer" ? customerName(this.ticket.customer) : by;
    const mark = role === "note" ? say("span.badge", "desk_note") : kind === "resolution" ? statusBadge("resolved") : null;
    return el("li", { class: `message ${whose}`, "data-role": whose }, this.author(name, at, mark), el("div.said", { dir: "auto" }, text));
  }

  author(name, at, mark) {
    return whose("span.author", name, el("time", { datetime: at }, "· ", moment(at)), mark);
  }

  // What is said, noted and done stands in the order of time, whichever way it was heard of.
  place(key, at, make) {
    if (this.placed.some((one) => one.key === key)) return;
    const time = Date.parse(at);
    const next = this.placed.findIndex((one) => one.time > time);
    const placed = { key, time, node: make() };
    const before = this.placed[next]?.node ?? null;
    drawInto(byId("log"), () => byId("messages").insertBefore(placed.node, before));
    this.placed.splice(next < 0 ? this.placed.length : next, 0, placed);
  }

  turnTo(way) {
    this.way = way;
    const isNote = way === "notes";
    this.mark(way);
    byId("composer").classList.toggle("noting", isNote);
    disable(["canned", "draft"], isNote);
    const key = isNote ? "desk_write_note" : this.ticket && !this.ticket.conversation_id ? "desk_write_ticket" : "desk_write_reply";
    const text = label(byId("text"), key);
    text.dataset.i18nPlaceholder = key;
    text.placeholder = t(key);
  }

  send() {
    const text = byId("text").value.trim();
    return text ? this.act(this.way, { text }, true) : null;
  }

  // What was written stays until the shop has it.
  async act(deed, body, written = false) {
    const { id, ticket } = this;
    this.busy(true);
    await this.attempt(async () => {
      const changed = await call("POST", `${path(ticket.ticket_id)}/${deed}`, body);
      if (written) this.write("", id);
      if (id === this.id) this.became(changed);
      this.onChanged();
    });
    this.busy(false);
  }

  takeChat() {
    return this.attempt(async () => {
      const ticket = await call("POST", `${chatPath(this.chat.conversation_id)}/take`);
      location.hash = encodeURIComponent(ticket.ticket_id);
      this.onChanged();
    });
  }

  async attempt(deed) {
    this.tell(null);
    await deed().catch(this.tell);
  }

  async draft() {
    const { id, ticket } = this;
    byId("draft").disabled = true;
    this.work("desk_drafting");
    await this.attempt(async () => this.write((await call("POST", `${path(ticket.ticket_id)}/draft`, {})).text, id));
    show("working", false);
    byId("draft").disabled = false;
  }

  useCanned() {
    const { text } = this.canned[byId("canned").value] ?? {};
    byId("canned").value = "";
    if (!text) return;
    const { customer, order_id: order, ticket_id: ticket } = this.ticket;
    const language = this.chat?.language ?? customer?.language ?? currentLanguage();
    const facts = { name: customer?.name ?? "", order: order ?? "", ticket };
    const filled = (text[language] ?? text.en).replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
    this.write([byId("text").value.trim(), filled].filter(Boolean).join("\n\n"), this.id);
    byId("text").focus();
  }

  drawCanned() {
    const first = option("", "desk_canned");
    byId("canned").replaceChildren(first, ...this.canned.map(({ title }, index) => el("option", { value: index }, title[currentLanguage()] ?? title.en)));
  }

  write(text, id) {
    keepDraft(id, text);
    if (id !== this.id) return;
    byId("text").value = text;
    fit(byId("text"));
  }

  work(key) {
    say(byId("working"), key);
    show("working", true);
  }

  busy(is) {
    disable(["send", "resolve"], is);
  }
}
