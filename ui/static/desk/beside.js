// The customer beside a ticket: who they are, their orders, earlier chats and tickets, photos and what was measured.

import { moment, money } from "../amounts.js";
import { call, told } from "../api.js";
import { addressWords, cardOf, statusWords } from "../cards.js";
import { byId, el, show } from "../dom.js";
import { label, onLanguage, say, t } from "../i18n.js";
import { word } from "./queue.js";

let known = null;
let looked = 0;

export async function showBeside(customer, conversationId) {
  const number = ++looked;
  known = null;
  show(byId("beside"), Boolean(customer));
  byId("beside").replaceChildren();
  if (!customer) return;
  try {
    const found = await call("GET", `/api/desk/customers/${encodeURIComponent(customer.customer_id)}`);
    if (number !== looked) return;
    known = { ...found, name: customer.name, conversationId };
    draw();
  } catch (error) {
    // The ticket can be answered without all this.
    if (number === looked) byId("beside").replaceChildren(el("p", { class: "error", role: "alert" }, told(error)));
  }
}

onLanguage(() => known && draw());

function draw() {
  const { name, profile, orders, chats, tickets, photos, conversationId } = known;
  const earlier = chats.filter((one) => one.conversation_id !== conversationId);
  byId("beside").replaceChildren(
    el("h2", { dir: "auto" }, name),
    el("p", { class: "muted" }, profile.email),
    el("p", { class: "muted", dir: "auto" }, addressWords(profile.address)),
    part("desk_orders", orders.map(order)),
    part("desk_their_tickets", tickets.map((one) => link(one.ticket_id, `${one.ticket_id} · ${one.subject}`, say(el("span", { class: "muted" }), `desk_status_${word(one.status)}`)))),
    part("desk_earlier", earlier.map((one) => link(one.conversation_id, one.title, el("span", { class: "muted" }, moment(one.updated_at))))),
    part("desk_photos", photos.map(photo)),
  );
}

function part(key, nodes) {
  return el("details", { open: true }, el("summary", {}, say(el("span"), key), ` (${nodes.length})`), nodes.length ? el("ul", {}, ...nodes) : say(el("p", { class: "muted" }), "nothing"));
}

function link(id, text, more) {
  return el("li", {}, el("a", { href: `#${encodeURIComponent(id)}`, dir: "auto" }, text), " ", more);
}

function order({ order_id: id, status, total, currency, items }) {
  const card = el("div");
  const open = async () => {
    if (card.hasChildNodes()) return card.replaceChildren();
    try {
      const found = await call("GET", `/api/desk/orders/${encodeURIComponent(id)}`);
      // What a customer can do is theirs to do.
      return card.replaceChildren(cardOf({ ...found, allowed_actions: [] }, { tell: () => {}, begin: () => {} }));
    } catch (error) {
      return card.replaceChildren(el("p", { class: "error", role: "alert" }, told(error)));
    }
  };
  const button = el("button", { type: "button", class: "item", onclick: open }, el("strong", {}, id), " ", statusWords(status), " · ", money(total, currency), el("span", { class: "muted line" }, items.join(", ")));
  return el("li", {}, button, card);
}

function photo({ image_id: id, at, measured }) {
  const source = `/api/images/${encodeURIComponent(id)}`;
  const image = label(el("img", { src: source, loading: "lazy" }), "desk_photo");
  const words = measured.map((one) => el("p", { dir: "auto" }, seen(one)));
  return el("li", { class: "photo" }, el("a", { href: source, target: "_blank", rel: "noopener" }, image), el("div", {}, el("p", { class: "muted" }, moment(at)), ...(words.length ? words : [say(el("p", { class: "muted" }), "desk_not_measured")])));
}

// A verdict with its confidence, what a picture shows, or which products it is most like.
function seen({ verdict, confidence, evidence, description, text, quality, products }) {
  if (verdict) return t("desk_verdict", { verdict: t(`desk_verdict_${verdict}`), confidence: `${Math.round(confidence * 100)} %`, evidence });
  if (products) return products.length ? products.map(({ name }) => name).join(", ") : t("nothing_found");
  return [description, text, quality?.problems?.join(", ")].filter(Boolean).join(" · ");
}
