// The cards of a turn: which of all that tools told are worth looking at beside the answer.

import { damageCard } from "./damage.js";
import { el } from "./dom.js";
import { doneCard } from "./done.js";
import { orderCard, ordersCard } from "./order.js";
import { policyCard } from "./policies.js";
import { productCard, productsCard } from "./products.js";
import { ticketCard, ticketsCard } from "./ticket.js";

const MOST = 3;
const ID = { order: "order_id", product: "product_id", ticket: "ticket_id", policy: "policy_id" };
const LISTS = { orders: "order", products: "product", tickets: "ticket" };

export class Shown {
  constructor({ tell, begin }) {
    this.ways = { tell, begin };
    this.currencies = new Map();
    this.cards = [];
  }

  take(card) {
    for (const order of card.kind === "order" ? [card] : (card.orders ?? [])) this.currencies.set(order.order_id, order.currency);
    const same = (other) => other.kind === card.kind && (!ID[card.kind] || other[ID[card.kind]] === card[ID[card.kind]]);
    // What was told again replaces what was told before; a change makes an order as it was look old.
    const stale = (other) => (card.kind === "done" ? other.kind === "order" && other.order_id === card.order_id : same(other));
    this.cards = [...this.cards.filter((other) => !stale(other)), card];
  }

  forget() {
    this.cards = [];
  }

  beside(text) {
    const nodes = this.picked(text).map((card) => cardOf(card, { ...this.ways, currency: this.currencies.get(card.order_id), text })).filter(Boolean);
    this.forget();
    return nodes.length ? el("div.cards", {}, ...nodes) : null;
  }

  // A list is not shown beside one of its own; of several, those that the answer names.
  picked(text) {
    const kinds = new Set(this.cards.map(({ kind }) => kind));
    const kept = this.cards.filter(({ kind }) => !kinds.has(LISTS[kind]));
    const named = kept.filter((card) => card.kind in ID && text.includes(card[ID[card.kind]]));
    const rest = kept.filter((card) => !(card.kind in ID) || !named.some(({ kind }) => kind === card.kind) || named.includes(card));
    return rest.slice(-MOST);
  }
}

const CARDS = {
  order: orderCard,
  orders: ordersCard,
  product: productCard,
  products: productsCard,
  ticket: ticketCard,
  tickets: ticketsCard,
  done: doneCard,
  damage: damageCard,
  policy: policyCard,
};

export function cardOf(card, { tell, begin, currency, text }) {
  const make = CARDS[card.kind];
  return make ? make(card, { tell, begin, currency, text }) : null;
}
