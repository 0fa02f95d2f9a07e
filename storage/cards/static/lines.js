// What was bought and where it goes, as an order and a change of it show them.

import { money } from "./amounts.js";
import { el } from "./dom.js";
import { thumbnail } from "./thumbnail.js";

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
