// The customer beside a ticket: orders, earlier chats and tickets, photos and what was measured.

import { moment, money } from "../amounts.js";
import { call, told, url } from "../api.js";
import { byId, el, show } from "../dom.js";
import { label, onLanguage, say, t } from "../i18n.js";
import { addressWords } from "../lines.js";
import { cardOf } from "../shown.js";
import { statusWords } from "../status.js";
import { word } from "./queue.js";

let known = null;
let looked = 0;

export async function showBeside(customer, conversationId) {
  const number = ++looked;
  known = null;
  show("beside", customer);
  byId("beside").replaceChildren();
  if (!customer) return;
  byId("beside").append(el("h2", { dir: "auto" }, customer.name));
  try {
    const found = await call("GET", url`/api/desk/customers/${customer.customer_id}`);
    if (number !== looked) return;
    known = { ...found, name: customer.name, conversationId };
    draw();
  } catch (error) {
    if (number === looked) byId("beside").replaceChildren(el("p.error", { role: "alert" }, told(error)));
  }
}

onLanguage(() => known && draw());

function draw() {
  const { name, profile, orders, chats, tickets, photos, conversationId } = known;
  const earlier = chats.filter((one) => one.conversation_id !== conversationId);
  byId("beside").replaceChildren(
    el("h2", { dir: "auto" }, name),
    el("p.muted", {}, profile.email),
    el("p.muted", { dir: "auto" }, addressWords(profile.address)),
    part("desk_orders", orders.map(order)),
    part("desk_their_tickets", tickets.map((one) => link(one.ticket_id, `${one.ticket_id} · ${one.subject}`, say("span.muted", `desk_status_${word(one.status)}`)))),
    part("desk_earlier", earlier.map((one) => link(one.conversation_id, one.title, el("span.muted", {}, moment(one.updated_at))))),
    part("desk_photos", photos.map(photo)),
  );
}

function part(key, nodes) {
  return el("details", { open: true }, el("summary", {}, say("span", key), ` (${nodes.length})`), nodes.length ? el("ul", {}, ...nodes) : say("p.muted", "nothing"));
}

function link(id, text, more) {
  return el("li", {}, el("a", { href: url`#${id}`, dir: "auto" }, text), " ", more);
}

function order({ order_id: id, status, total, currency, items }) {
  const card = el("div");
  const open = async () => {
    if (card.hasChildNodes()) return card.replaceChildren();
    try {
      const found = await call("GET", url`/api/desk/orders/${id}`);
      // What a customer can do is theirs to do.
      return card.replaceChildren(cardOf({ ...found, allowed_actions: [] }, { tell: () => {}, begin: () => {} }));
    } catch (error) {
      return card.replaceChildren(el("p.error", { role: "alert" }, told(error)));
    }
  };
  const button = el("button.item", { onclick: open }, el("strong", {}, id), " ", statusWords(status), " · ", money(total, currency), el("span.muted.line", {}, items.join(", ")));
  return el("li", {}, button, card);
}

function photo({ image_id: id, at, measured }) {
  const source = url`/api/images/${id}`;
  const image = label(el("img", { src: source, loading: "lazy" }), "desk_photo");
  const words = measured.map((one) => el("p", { dir: "auto" }, seen(one)));
  return el("li.photo", {}, el("a", { href: source, target: "_blank", rel: "noopener" }, image), el("div", {}, el("p.muted", {}, moment(at)), ...(words.length ? words : [say("p.muted", "desk_not_measured")])));
}

function seen({ verdict, confidence, evidence, description, text, quality, products }) {
  if (verdict) return t("desk_verdict", { verdict: t(`desk_verdict_${verdict}`), confidence: `${Math.round(confidence * 100)} %`, evidence });
  if (products) return products.length ? products.map(({ name }) => name).join(", ") : t("nothing_found");
  return [description, text, quality?.problems?.join(", ")].filter(Boolean).join(" · ");
}
