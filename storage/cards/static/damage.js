// The card of a look at an item's photo.

import { share } from "./amounts.js";
import { el } from "./dom.js";
import { say } from "./words.js";

const LOOKS = { damaged: "cancelled", not_damaged: "delivered", unclear: "processed" };

export function damageCard({ verdict, confidence, evidence, order_id: order, item_id: item }) {
  const badge = say(el("span", { class: `badge state-${LOOKS[verdict]}` }), `verdict_${verdict}`);
  return el(
    "article",
    { class: "shop-card damage" },
    el("header", {}, say(el("h3"), "damage_title"), badge),
    order ? say(el("p", { class: "muted" }), "damage_item", { order, item }) : null,
    el("dl", { class: "facts" }, say(el("dt"), "damage_sure"), el("dd", {}, share(confidence)), say(el("dt"), "damage_seen"), el("dd", { dir: "auto" }, evidence)),
    say(el("p", { class: "muted" }), "damage_money"),
  );
}
