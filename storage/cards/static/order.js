// Cards of one order and of several, with buttons that say a sentence.

import { day, money } from "./amounts.js";
import { el } from "./dom.js";
import { addressWords, lineOf } from "./lines.js";
import { listOf } from "./list.js";
import { statusBadge, STATUSES } from "./status.js";
import { label, say, t } from "./words.js";

const ROAD = ["order_placed", "order_processed", "order_delivered"];
const REACHED = { pending: 0, "pending (items changed)": 0, processed: 1, delivered: 2 };
const REASONS = { "no longer needed": "cancelled_not_needed", "ordered by mistake": "cancelled_by_mistake" };
const ACTIONS = ["cancel_order", "change_order_items", "change_order_address", "change_order_payment", "return_items", "exchange_items"];

export function orderCard(card, { tell }) {
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

function facts(card) {
  const rows = [];
  if (card.ordered_on) rows.push(["order_ordered_on", day(card.ordered_on)]);
  const shipped = [...new Set(card.shipments.map((one) => one.shipped_on).filter(Boolean))].sort();
  if (shipped.length) rows.push(["order_shipped_on", shipped.map(day).join(" · ")]);
  if (card.expected_on) rows.push([card.overdue ? "order_overdue" : card.expected_by === "carrier" ? "order_expected_on" : "order_estimated_on", day(card.expected_on)]);
  const parcels = card.shipments.map(({ carrier, tracking_ids: ids }) => [carrier, ids.join(", ")].filter(Boolean).join(" ")).filter(Boolean);
  if (parcels.length) rows.push(["order_tracking", parcels.join(" · ")]);
  rows.push(["order_address", addressWords(card.address)]);
  const back = card.payments.filter(({ type }) => type === "refund").reduce((sum, { amount }) => sum + amount, 0);
  if (back) rows.push(["order_refunded", money(back, card.currency)]);
  rows.push(...asked(card));
  return el("dl", { class: "facts" }, ...rows.flatMap(([key, value]) => [say(el("dt"), key), el("dd", {}, value)]));
}

// What was asked for since it was placed. A tool's result calls what comes back `return`, the page's card `returned`.
function asked(card) {
  const named = (ids) => ids.map((id) => card.lines.find(({ item_id }) => item_id === id)?.name ?? id).join(", ");
  const rows = [];
  const back = card.returned ?? card.return;
  if (card.cancel_reason) rows.push(["order_cancel_reason", say(el("span"), REASONS[card.cancel_reason] ?? card.cancel_reason)]);
  if (back) rows.push(["order_comes_back", named(back.item_ids)]);
  if (card.exchange) {
    rows.push(["order_comes_back", named(card.exchange.item_ids)]);
    if (card.exchange.price_difference) rows.push(["order_difference", money(card.exchange.price_difference, card.currency)]);
  }
  return rows;
}

function actions({ order_id: id, allowed_actions: allowed }, tell) {
  const offered = ACTIONS.filter((action) => allowed.includes(action));
  if (!offered.length) return null;
  const button = (action) => say(el("button", { type: "button", onclick: () => tell(t(`say_${action}`, { order: id })) }), `do_${action}`);
  return el("div", { class: "actions" }, ...offered.map(button));
}

export function ordersCard({ orders: all }, { tell }) {
  const item = ({ order_id: id, status, ordered_on: on, total, currency, items }) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "item", onclick: () => tell(t("say_order", { order: id })) },
        el("span", { class: "grow" }, el("strong", {}, id), el("span", { class: "muted options" }, [on && day(on), items.join(", ")].filter(Boolean).join(" · "))),
        statusBadge(status),
        el("span", { class: "price" }, money(total, currency)),
      ),
    );
  return el("article", { class: "shop-card orders" }, el("header", {}, say(el("h3"), "orders_title", { count: all.length })), ...listOf(all.map(item)));
}
