// Cards of one ticket and of several.

import { moment } from "./amounts.js";
import { el } from "./dom.js";
import { listOf } from "./list.js";
import { say, t } from "./words.js";

const ENTRIES_SHOWN = 4;

function ticketHead({ ticket_id: id, subject, status }) {
  const badge = say(el("span", { class: `badge state-${status.replaceAll(" ", "-")}` }), `ticket_${status.replaceAll(" ", "_")}`);
  return [el("span", { class: "grow", dir: "auto" }, el("strong", {}, id), " ", subject), badge];
}

export function ticketCard(card, { begin }) {
  const entry = ({ at, kind, text, by_customer: own }) =>
    el(
      "li",
      { class: `entry ${kind}` },
      el("p", { class: "muted" }, say(el("span"), own ? "you" : "shop_desk"), " · ", el("time", { datetime: at }, moment(at))),
      el("p", { dir: "auto" }, text),
    );
  const shown = card.history.slice(-ENTRIES_SHOWN);
  const add = () => begin(`${t("say_comment", { ticket: card.ticket_id })} `);
  return el(
    "article",
    { class: "shop-card ticket" },
    el("header", {}, ...ticketHead(card)),
    el("ol", { class: "entries" }, ...shown.map(entry)),
    begin ? el("div", { class: "actions" }, say(el("button", { type: "button", onclick: add }), "do_comment")) : null,
  );
}

export function ticketsCard({ tickets: all }, { tell }) {
  const item = (one) => el("li", {}, el("button", { type: "button", class: "item", onclick: () => tell(t("say_ticket", { ticket: one.ticket_id })) }, ...ticketHead(one)));
  return el("article", { class: "shop-card tickets" }, el("header", {}, say(el("h3"), "tickets_title", { count: all.length })), ...listOf(all.map(item)));
}
