// Cards of policies: one in full, or the passages that answer a question.

import { day } from "./amounts.js";
import { el } from "./dom.js";
import { markdown } from "./markdown.js";
import { say } from "./words.js";

export function policyCard({ policy_id: id, title, text, effective_date: since }) {
  return el(
    "article",
    { class: "shop-card policy", "data-policy": id },
    el("header", {}, el("h3", { dir: "auto" }, title)),
    since ? say(el("p", { class: "muted" }), "policy_since", { date: day(since) }) : null,
    el("div", { class: "said whole", dir: "auto", tabindex: "0" }, ...markdown(text)),
  );
}

export function passagesCard({ passages: all, answered, about_another_shop: elsewhere }) {
  const passage = ({ title, section, text, effective_date: since }, index) =>
    el(
      "details",
      { open: answered && index === 0 },
      el("summary", { dir: "auto" }, section && section !== title ? `${title} · ${section}` : title),
      since ? say(el("p", { class: "muted" }), "policy_since", { date: day(since) }) : null,
      el("div", { class: "said", dir: "auto" }, ...markdown(text)),
    );
  return el(
    "article",
    { class: "shop-card policies" },
    el("header", {}, say(el("h3"), "policies_title")),
    answered ? null : say(el("p", { class: "muted" }), "policy_unanswered"),
    elsewhere ? say(el("p", { class: "muted" }), "policy_other_shop") : null,
    ...all.map(passage),
  );
}
