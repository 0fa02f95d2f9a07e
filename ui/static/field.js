// Forms and their fields, choices, and drafts.

import { byId, el } from "./dom.js";
import { say } from "./i18n.js";

const TYPED_MS = 250;

export function onSubmit(form, action) {
  form.addEventListener("submit", (event) => (event.preventDefault(), action()));
}

export function disable(ids, is) {
  for (const id of ids) byId(id).disabled = is;
}

// Buttons of which one is chosen; returns how to show which.
export function choices(name, onChosen) {
  const buttons = document.querySelectorAll(`[data-${name}]`);
  for (const one of buttons) one.addEventListener("click", () => onChosen(one.dataset[name]));
  return (chosen) => buttons.forEach((one) => one.setAttribute("aria-pressed", one.dataset[name] === chosen));
}

export const option = (value, key) => say(el("option", { value }), key);

export function lookWhenTyped(field, look) {
  let waiting;
  field.addEventListener("input", () => (clearTimeout(waiting), (waiting = setTimeout(look, TYPED_MS))));
}

export function sendByEnter(field, send) {
  field.addEventListener("keydown", (event) => {
    // While a Korean syllable is being composed, Enter ends the syllable and not the message.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
}

export function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

const BEGINS = "shopdesk-draft-";

export function keptDraft(conversationId) {
  return sessionStorage.getItem(BEGINS + (conversationId ?? "")) ?? "";
}

export function keepDraft(conversationId, text) {
  const name = BEGINS + (conversationId ?? "");
  if (text) sessionStorage.setItem(name, text);
  else sessionStorage.removeItem(name);
}

export function forgetDrafts() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(BEGINS)) sessionStorage.removeItem(name);
}
