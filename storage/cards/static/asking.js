// The card of a change that waits for a person's yes. It leads to where the yes is said, and never carries it.

import { el } from "./dom.js";
import { say } from "./words.js";

const LEADS = /^https?:\/\//;

export function askingCard({ summary, confirm_url: link }, { open }) {
  const leads = LEADS.test(link ?? "");
  const button = say(el("button", { type: "button", class: "primary", onclick: () => open(link) }), "asking_open");
  return el(
    "article",
    { class: "shop-card asking" },
    el("header", {}, say(el("h3"), "asking_title")),
    el("p", { class: "asked", dir: "auto" }, summary),
    leads ? el("div", { class: "actions" }, button) : null,
    say(el("p", { class: "muted" }), leads ? "asking_where" : "asking_client"),
  );
}
