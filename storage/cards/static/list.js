// A long list shows its beginning; the rest is there for who wants it.

import { el } from "./dom.js";
import { say } from "./words.js";

const ITEMS_SHOWN = 5;

export function listOf(items) {
  const rest = items.slice(ITEMS_SHOWN);
  return [
    el("ul", { class: "items" }, ...items.slice(0, ITEMS_SHOWN)),
    rest.length ? el("details", {}, say(el("summary"), "more_of_list", { count: rest.length }), el("ul", { class: "items" }, ...rest)) : null,
  ];
}
