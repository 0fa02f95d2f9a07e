// English and Korean. An element says which words it shows, so that switching the language needs no rebuilding.

import { WORDS } from "./words.js";

const LANGUAGES = ["en", "ko"];
const KEPT = "shopdesk-language";
const ATTRIBUTES = { i18nTitle: "title", i18nLabel: "aria-label", i18nPlaceholder: "placeholder" };
const listeners = [];

let chosen = LANGUAGES.includes(localStorage.getItem(KEPT)) ? localStorage.getItem(KEPT) : null;
let language = chosen ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");

export const currentLanguage = () => language;

export function t(key, values = {}, otherwise = key) {
  const words = WORDS[key]?.[LANGUAGES.indexOf(language)] ?? otherwise;
  return words.replace(/\{(\w+)\}/g, (whole, name) => worded(values[name]) ?? whole);
}

// A value may be a reason, or several: those are words of the language, too.
function worded(value) {
  if (Array.isArray(value)) return value.map(worded).join(", ");
  return value?.code ? t(`reason_${value.code}`, value.facts, value.code) : value;
}

export const has = (key) => Object.hasOwn(WORDS, key);

// Gives an element words that follow the language.
export function say(node, key, values = {}) {
  node.dataset.i18n = key;
  node.dataset.i18nValues = JSON.stringify(values);
  node.textContent = t(key, values);
  return node;
}

export function label(node, key) {
  node.dataset.i18nLabel = key;
  node.setAttribute("aria-label", t(key));
  return node;
}

export function onLanguage(listener) {
  listeners.push(listener);
}

export function choose(next) {
  chosen = next;
  localStorage.setItem(KEPT, next);
  use(next);
}

// Follows the customer's language until the person has chosen one.
export function follow(next) {
  if (!chosen && LANGUAGES.includes(next)) use(next);
}

export function use(next) {
  language = next;
  document.documentElement.lang = next;
  for (const node of document.querySelectorAll("[data-i18n]")) {
    node.textContent = t(node.dataset.i18n, JSON.parse(node.dataset.i18nValues ?? "{}"));
  }
  for (const [data, attribute] of Object.entries(ATTRIBUTES)) {
    const selector = `[data-${data.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const node of document.querySelectorAll(selector)) node.setAttribute(attribute, t(node.dataset[data]));
  }
  for (const listener of listeners) listener(next);
}
