// Where an order stands, in words.

import { el } from "./dom.js";
import { say } from "./words.js";

export const STATUSES = {
  pending: "order_pending",
  "pending (items changed)": "order_items_changed",
  processed: "order_processed",
  delivered: "order_delivered",
  cancelled: "order_cancelled",
  "return requested": "order_return_requested",
  "exchange requested": "order_exchange_requested",
};

export function statusWords(status) {
  return STATUSES[status] ? say(el("span"), STATUSES[status]) : el("span", {}, status);
}

export function statusBadge(status) {
  const node = statusWords(status);
  node.className = `badge state-${status.replace(/\W+/g, "-")}`;
  return node;
}
