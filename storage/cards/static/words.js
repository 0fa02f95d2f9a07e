// Words in a language of the shop, on its page and on a card elsewhere. An element says which words it shows, so that
// switching the language needs no rebuilding.

import { el } from "./dom.js";

// What stands in an empty field names it, too.
const ATTRIBUTES = { i18nTitle: ["title"], i18nLabel: ["aria-label"], i18nPlaceholder: ["placeholder", "aria-label"] };

let words = { language: "en", languages: {}, messages: {} };

// What is said from now on is said in these words; what is shown already changes with `sayAgain`.
export function speak(next) {
  words = next;
}

export const currentLanguage = () => words.language;

// What each language calls itself, by its code.
export const languages = () => words.languages;

export function t(key, values = {}, otherwise = key) {
  return (pattern(key, values) ?? otherwise).replace(/\{(\w+)\}/g, (whole, name) => worded(values[name]) ?? whole);
}

// A message is a text, or several by the plural forms of a number.
function pattern(key, values) {
  const found = has(key) ? words.messages[key] : undefined;
  if (!found?.by) return found;
  return found[new Intl.PluralRules(words.language).select(values[found.by])] ?? found.other;
}

// A value may be a reason, or several: those are words of the language, too.
function worded(value) {
  if (Array.isArray(value)) return value.map(worded).join(", ");
  if (typeof value === "number") return value.toLocaleString(words.language);
  return value?.code ? t(`reason_${value.code}`, value.facts, value.code) : value;
}

export const has = (key) => Object.hasOwn(words.messages, key);

// Gives an element, or a new one of this name, words that follow the language.
export function say(one, key, values = {}) {
  const node = typeof one === "string" ? el(one) : one;
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

export function sayAgain() {
  document.documentElement.lang = words.language;
  for (const node of document.querySelectorAll("[data-i18n]")) {
    node.textContent = t(node.dataset.i18n, JSON.parse(node.dataset.i18nValues ?? "{}"));
  }
  for (const [data, attributes] of Object.entries(ATTRIBUTES)) {
    const selector = `[data-${data.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const node of document.querySelectorAll(selector)) for (const one of attributes) node.setAttribute(one, t(node.dataset[data]));
  }
}
