// Cards of products: pictures, prices and options, and several of them side by side.

import { money } from "./amounts.js";
import { el } from "./dom.js";
import { productOf, told } from "./place.js";
import { thumbnail } from "./thumbnail.js";
import { label, say, t } from "./words.js";

const MOST_COMPARED = 4;

export function productCard(card, { tell }) {
  const similar = say(el("button", { type: "button", onclick: () => tell(t("say_similar", { product: card.name })) }), "do_similar");
  return el(
    "article",
    { class: "shop-card product", "data-product": card.product_id },
    el(
      "header",
      {},
      thumbnail(card.product_id, card.name),
      el("span", { class: "grow" }, el("h3", { dir: "auto" }, card.name), el("span", { class: "sum" }, priceRange(card))),
      stock(card.variants.some(({ available }) => available)),
    ),
    card.description ? el("p", { class: "muted", dir: "auto" }, card.description) : null,
    variants(card),
    el("div", { class: "actions" }, similar),
  );
}

function priceRange({ variants: all, currency }) {
  const offered = all.filter(({ available }) => available);
  const prices = (offered.length ? offered : all).map(({ price }) => price);
  if (!prices.length) return "";
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  return least === most ? money(least, currency) : `${money(least, currency)} – ${money(most, currency)}`;
}

function stock(available) {
  return say(el("span", { class: `badge ${available ? "state-delivered" : "state-cancelled"}` }), available ? "in_stock" : "sold_out");
}

function variants({ variants: all, currency }) {
  const names = optionNames(all);
  const head = el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name)), say(el("th", { scope: "col" }), "price"), say(el("th", { scope: "col" }), "stock"));
  const row = ({ options, price, available }) =>
    el("tr", { class: available ? "" : "gone" }, ...names.map((name) => el("td", {}, options[name] ?? "–")), el("td", {}, money(price, currency)), say(el("td"), available ? "in_stock" : "sold_out"));
  const table = el("table", { class: "variants" }, el("thead", {}, head), el("tbody", {}, ...all.map(row)));
  return el("details", { open: all.length <= 4 }, say(el("summary"), "options_title", { count: all.length }), el("div", { class: "wide", tabindex: "0" }, table));
}

function optionNames(all) {
  return [...new Set(all.flatMap(({ options }) => Object.keys(options)))];
}

export function productsCard({ products: all, read_as: readAs }, { tell }) {
  const picked = new Set();
  const compare = say(el("button", { type: "button", disabled: true }), "compare");
  const result = el("div", { class: "compared", "aria-live": "polite" });
  const pick = (id, is) => {
    if (is) picked.add(id);
    else picked.delete(id);
    compare.disabled = picked.size < 2 || picked.size > MOST_COMPARED;
  };
  compare.addEventListener("click", () => showCompared([...picked], result, compare));
  return el(
    "article",
    { class: "shop-card products" },
    el("header", {}, say(el("h3"), "products_title", { count: all.length })),
    readAs ? el("p", { class: "muted", dir: "auto" }, readAs) : null,
    el("ul", { class: "tiles" }, ...all.map((one) => tile(one, tell, all.length > 1 ? pick : null))),
    all.length > 1 ? el("div", { class: "actions" }, compare) : null,
    result,
  );
}

function tile({ product_id: id, name, price_from: price, currency, available, reason }, tell, pick) {
  const box = pick && el("input", { type: "checkbox", onchange: (event) => pick(id, event.target.checked) });
  return el(
    "li",
    { class: "tile" },
    el(
      "button",
      { type: "button", class: "look", onclick: () => tell(t("say_product", { product: name })) },
      thumbnail(id, name),
      el("span", { class: "name", dir: "auto" }, name),
      price === undefined ? null : say(el("span", { class: "price" }), "price_from", { price: money(price, currency) }),
      available === undefined ? null : stock(available),
      reason ? el("span", { class: "muted reason", dir: "auto" }, reason) : null,
    ),
    box ? el("label", { class: "pick" }, box, say(el("span"), "to_compare")) : null,
  );
}

async function showCompared(ids, result, button) {
  button.disabled = true;
  try {
    const found = await Promise.all(ids.map((id) => productOf(id)));
    result.replaceChildren(el("div", { class: "wide", tabindex: "0" }, sideBySide(found)));
  } catch (error) {
    result.replaceChildren(el("p", { class: "error", role: "alert" }, told(error)));
  }
  button.disabled = false;
}

function sideBySide(found) {
  const cells = (make) => found.map((one) => el("td", {}, make(one)));
  const row = (key, make) => el("tr", {}, say(el("th", { scope: "row" }), key), ...cells(make));
  const values = (name) => (one) => [...new Set(one.variants.map(({ options }) => options[name]).filter(Boolean))].join(", ") || "–";
  const names = optionNames(found.flatMap(({ variants: all }) => all));
  const head = el("tr", {}, label(el("td"), "product"), ...found.map((one) => el("th", { scope: "col" }, thumbnail(one.product_id, one.name), el("span", { dir: "auto" }, one.name))));
  return el(
    "table",
    { class: "side-by-side" },
    el("thead", {}, head),
    el(
      "tbody",
      {},
      row("price", priceRange),
      row("stock", (one) => stock(one.variants.some(({ available }) => available))),
      ...names.map((name) => el("tr", {}, el("th", { scope: "row" }, name), ...cells(values(name)))),
      row("description", (one) => one.description || "–"),
    ),
  );
}
