// The list of the account's conversations.

import { call } from "./api.js";
import { byId, el, show } from "./dom.js";
import { currentLanguage, say } from "./i18n.js";

export function setUpHistory(onPick, onError) {
  const button = byId("history");
  button.addEventListener("click", () => (byId("history-list").hidden ? open(onPick).catch(onError) : close()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#history-list, #history")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("history-list").hidden) (close(), button.focus());
  });
}

async function open(onPick) {
  const { conversations } = await call("GET", "/api/conversations");
  const items = conversations.map((one) => item(one, onPick));
  byId("history-list").replaceChildren(...(items.length ? items : [say(el("p", { class: "muted" }), "no_conversations")]));
  show(byId("history-list"), true);
  byId("history").setAttribute("aria-expanded", "true");
  byId("history-list").querySelector("button")?.focus();
}

export function close() {
  show(byId("history-list"), false);
  byId("history").setAttribute("aria-expanded", "false");
}

function item(conversation, onPick) {
  const pick = () => (close(), onPick(conversation.id));
  return el("button", { type: "button", class: "item", onclick: pick }, name(conversation), when(conversation.updated_at));
}

export function name({ title }) {
  return title ? el("span", { class: "name", dir: "auto" }, title) : say(el("span", { class: "name" }), "untitled");
}

function when(moment) {
  const style = { dateStyle: "medium", timeStyle: "short" };
  return el("time", { class: "muted", datetime: moment }, new Intl.DateTimeFormat(currentLanguage(), style).format(new Date(moment)));
}
