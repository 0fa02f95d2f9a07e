// Cards of orders, tickets and changes: what a tool told, to look at, with buttons that say a sentence.

import { moment, money } from "./amounts.js";
import { el } from "./dom.js";
import { label, say, t } from "./i18n.js";
import { productCard, productsCard, thumbnail } from "./products.js";

const STATUSES = {
  pending: "order_pending",
  "pending (items changed)": "order_items_changed",
  processed: "order_processed",
  delivered: "order_delivered",
  cancelled: "order_cancelled",
  "return requested": "order_return_requested",
  "exchange requested": "order_exchange_requested",
};
const ROAD = ["order_placed", "order_processed", "order_delivered"];
const REACHED = { pending: 0, "pending (items changed)": 0, processed: 1, delivered: 2 };
const ACTIONS = ["cancel_order", "change_order_items", "change_order_address", "change_order_payment", "return_items", "exchange_items"];
const ENTRIES_SHOWN = 4;
const ITEMS_SHOWN = 5;

const CARDS = { order, orders, product: productCard, products: productsCard, ticket, tickets, done };

// `tell` sends a sentence for the customer, `begin` only writes its beginning for them.
export function cardOf(card, { tell, begin, currency, text }) {
  const make = CARDS[card.kind];
  return make ? make(card, { tell, begin, currency, text }) : null;
}

export function statusWords(status) {
  return STATUSES[status] ? say(el("span"), STATUSES[status]) : el("span", {}, status);
}

function statusBadge(status) {
  const node = statusWords(status);
  node.className = `badge state-${status.replace(/\W+/g, "-")}`;
  return node;
}

function order(card, { tell }) {
  return el(
    "article",
    { class: "shop-card order", "data-order": card.order_id },
    el("header", {}, el("h3", {}, say(el("span"), "order_title", { order: card.order_id })), statusBadge(card.status), el("strong", { class: "sum" }, money(card.total, card.currency))),
    timeline(card.status),
    el("ul", { class: "lines" }, ...card.lines.map((line) => lineOf(line, card.currency))),
    facts(card),
    actions(card, tell),
  );
}

// Where an order is on its road; a return or an exchange is a step after it, a cancellation ends it early.
function timeline(status) {
  const steps = status === "cancelled" ? [ROAD[0], STATUSES.cancelled] : status in REACHED ? ROAD : [...ROAD, STATUSES[status]];
  const at = REACHED[status] ?? steps.length - 1;
  const nodes = steps.filter(Boolean).map((key, index) => {
    const state = index < at ? "past" : index === at ? "now" : "ahead";
    return el("li", { class: state, "aria-current": state === "now" ? "step" : null }, say(el("span"), key));
  });
  return label(el("ol", { class: `timeline ${status === "cancelled" ? "ended" : ""}` }, ...nodes), "order_timeline");
}

export function lineOf({ product_id: product, name, options, price }, currency) {
  return el(
    "li",
    { class: "line" },
    thumbnail(product, name),
    el("span", { class: "grow" }, el("span", { class: "name" }, name), el("span", { class: "muted options" }, optionWords(options))),
    price === undefined ? null : el("span", { class: "price" }, money(price, currency)),
  );
}

export function optionWords(options) {
  return Object.entries(options).map(([name, value]) => `${name}: ${value}`).join(" · ");
}

export function addressWords({ address1, address2, city, state, zip, country }) {
  return [address1, address2, city, state, zip, country].filter(Boolean).join(", ");
}

function facts(card) {
  const rows = [["order_address", addressWords(card.address)]];
  const tracking = card.shipments.flatMap((shipment) => shipment.tracking_ids);
  if (tracking.length) rows.push(["order_tracking", tracking.join(", ")]);
  const back = card.payments.filter(({ type }) => type === "refund").reduce((sum, { amount }) => sum + amount, 0);
  if (back) rows.push(["order_refunded", money(back, card.currency)]);
  return el("dl", { class: "facts" }, ...rows.flatMap(([key, value]) => [say(el("dt"), key), el("dd", {}, value)]));
}

function actions({ order_id: id, allowed_actions: allowed }, tell) {
  const offered = ACTIONS.filter((action) => allowed.includes(action));
  if (!offered.length) return null;
  const button = (action) => say(el("button", { type: "button", onclick: () => tell(t(`say_${action}`, { order: id })) }), `do_${action}`);
  return el("div", { class: "actions" }, ...offered.map(button));
}

function orders({ orders: all }, { tell }) {
  const item = ({ order_id: id, status, total, currency, items }) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "item", onclick: () => tell(t("say_order", { order: id })) },
        el("span", { class: "grow" }, el("strong", {}, id), el("span", { class: "muted options" }, items.join(", "))),
        statusBadge(status),
        el("span", { class: "price" }, money(total, currency)),
      ),
    );
  return el("article", { class: "shop-card orders" }, el("header", {}, say(el("h3"), "orders_title", { count: all.length })), ...listOf(all.map(item)));
}

// A long list shows its beginning; the rest is there for who wants it.
function listOf(items) {
  const rest = items.slice(ITEMS_SHOWN);
  return [
    el("ul", { class: "items" }, ...items.slice(0, ITEMS_SHOWN)),
    rest.length ? el("details", {}, say(el("summary"), "more_of_list", { count: rest.length }), el("ul", { class: "items" }, ...rest)) : null,
  ];
}

function ticketHead({ ticket_id: id, subject, status }) {
  const badge = say(el("span", { class: `badge state-${status.replaceAll(" ", "-")}` }), `ticket_${status.replaceAll(" ", "_")}`);
  return [el("span", { class: "grow", dir: "auto" }, el("strong", {}, id), " ", subject), badge];
}

function ticket(card, { begin }) {
  const entry = ({ at, kind, text, by_customer: own }) =>
    el(
      "li",
      { class: `entry ${kind}` },
      el("p", { class: "muted" }, say(el("span"), own ? "you" : "shop_desk"), " · ", el("time", { datetime: at }, moment(at))),
      el("p", { dir: "auto" }, text),
    );
  const shown = card.history.slice(-ENTRIES_SHOWN);
  const add = say(el("button", { type: "button", onclick: () => begin(`${t("say_comment", { ticket: card.ticket_id })} `) }), "do_comment");
  return el(
    "article",
    { class: "shop-card ticket" },
    el("header", {}, ...ticketHead(card)),
    el("ol", { class: "entries" }, ...shown.map(entry)),
    el("div", { class: "actions" }, add),
  );
}

function tickets({ tickets: all }, { tell }) {
  const item = (one) => el("li", {}, el("button", { type: "button", class: "item", onclick: () => tell(t("say_ticket", { ticket: one.ticket_id })) }, ...ticketHead(one)));
  return el("article", { class: "shop-card tickets" }, el("header", {}, say(el("h3"), "tickets_title", { count: all.length })), ...listOf(all.map(item)));
}

function done({ summary, differences }, { currency, text }) {
  const rows = differences.map((one) => difference(one, currency)).filter(Boolean);
  return el(
    "article",
    { class: "shop-card done" },
    el("header", {}, say(el("h3"), "done_title")),
    text.includes(summary) ? null : el("p", { dir: "auto" }, summary),
    rows.length ? beforeAfter(rows) : null,
  );
}

// An amount needs its order's currency; without it, the sentence above says it.
function difference({ what, was, now }, currency) {
  const isAmount = typeof (now ?? was) === "number";
  if (isAmount && !currency) return null;
  const words = (value) => (value === undefined ? null : what === "status" ? statusWords(value) : el("span", { dir: "auto" }, isAmount ? money(value, currency) : value));
  return { what: `difference_${what}`, was: words(was), now: words(now) };
}

// Facts before and after, in words: of a change that was made, or of one that waits for a yes.
export function beforeAfter(rows) {
  const head = el("tr", {}, el("td"), say(el("th", { scope: "col" }), "before"), say(el("th", { scope: "col" }), "after"));
  const row = ({ what, was, now }) => el("tr", {}, say(el("th", { scope: "row" }), what), el("td", { class: "was" }, was ?? "–"), el("td", { class: "now" }, now ?? "–"));
  return el("table", { class: "before-after" }, el("thead", {}, head), el("tbody", {}, ...rows.map(row)));
}
