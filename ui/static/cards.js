// The cards of the chat, by what a tool told. What draws them draws them in other programs too.

import { damageCard } from "./damage.js";
import { doneCard } from "./done.js";
import { orderCard, ordersCard } from "./order.js";
import { policyCard } from "./policies.js";
import { productCard, productsCard } from "./products.js";
import { ticketCard, ticketsCard } from "./ticket.js";

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

// `tell` sends a sentence for the customer, `begin` only writes its beginning for them.
export function cardOf(card, { tell, begin, currency, text }) {
  const make = CARDS[card.kind];
  return make ? make(card, { tell, begin, currency, text }) : null;
}
