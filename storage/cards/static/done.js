// Cards of changes: what was done, and facts before and after it.

import { money } from "./amounts.js";
import { el } from "./dom.js";
import { statusWords } from "./status.js";
import { say } from "./words.js";

export function doneCard({ summary, differences }, { currency, text }) {
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
