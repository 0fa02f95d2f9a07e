// What an open question would change, as the rows are now: the items with their pictures, and before and after.

import { call, url } from "./api.js";
import { el } from "./dom.js";
import { beforeAfter } from "./done.js";
import { addressWords, lineOf, optionWords } from "./lines.js";
import { statusWords } from "./status.js";

const STATUS_AFTER = { cancel_order: "cancelled", return_items: "return requested", exchange_items: "exchange requested" };

// `path` is the conversation's: whose order it is, is known there.
export async function proposed(proposal, path) {
  return facts(proposal, proposal.order_id ? await call("GET", `${path}/orders/${encodeURIComponent(proposal.order_id)}`) : null);
}

// `address` is the one before a change that is about no order.
export async function facts(proposal, order, address = null) {
  const lines = linesOf(proposal, order);
  const rows = [...(await swaps(proposal, lines)), ...statusRow(proposal, order), ...addressRow(proposal, order?.address ?? address)];
  return [
    lines.length ? el("ul.lines", {}, ...lines.map((line) => lineOf(line, order.currency))) : null,
    rows.length ? beforeAfter(rows) : null,
  ].filter(Boolean);
}

// An order may hold an item twice: each id stands for one line.
function linesOf({ action, item_ids: ids }, order) {
  if (!order) return [];
  if (action === "cancel_order") return order.lines;
  const left = [...order.lines];
  return ids.flatMap((id) => {
    const at = left.findIndex(({ item_id: item }) => item === id);
    return at < 0 ? [] : left.splice(at, 1);
  });
}

// The new item is another variant of the same product.
async function swaps({ new_item_ids: ids }, lines) {
  const row = async (id, index) => {
    const line = lines[index];
    if (!line) return [];
    const { variants } = await call("GET", url`/api/products/${line.product_id}`);
    const chosen = variants.find(({ item_id: item }) => item === id);
    return chosen ? [{ what: "difference_item", was: optionWords(line.options), now: optionWords(chosen.options) }] : [];
  };
  return (await Promise.all(ids.map(row))).flat();
}

function statusRow({ action }, order) {
  const after = STATUS_AFTER[action];
  return after && order ? [{ what: "difference_status", was: statusWords(order.status), now: statusWords(after) }] : [];
}

function addressRow({ address }, before) {
  return address ? [{ what: "difference_address", was: before ? addressWords(before) : null, now: addressWords(address) }] : [];
}
