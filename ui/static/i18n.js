// The words of the page in a language of the shop. An element says which words it shows, so that switching the language
// needs no rebuilding.

const KEPT = "shopdesk-language";
const ATTRIBUTES = { i18nTitle: "title", i18nLabel: "aria-label", i18nPlaceholder: "placeholder" };
// The words of a part of the page that most people never see, which its own HTML asks for.
const ALSO = document.documentElement.dataset.words;
const listeners = [];
const loaded = new Map();

let chosen = localStorage.getItem(KEPT);
let words = await load(chosen ?? navigator.language);
if (chosen && chosen !== words.language) {
  // The shop no longer speaks it.
  chosen = null;
  words = await load(navigator.language);
}
let wanted = words.language;

async function load(language) {
  if (!loaded.has(language)) {
    const response = await fetch(`/words/${encodeURIComponent(language)}${ALSO ? `?also=${ALSO}` : ""}`);
    if (!response.ok) throw new Error(`The words of ${language} cannot be read: ${response.status}`);
    loaded.set(language, await response.json());
  }
  return loaded.get(language);
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

export async function choose(next) {
  await use(next);
  chosen = next;
  localStorage.setItem(KEPT, next);
}

// Follows the customer's language until the person has chosen one.
export async function follow(next) {
  if (!chosen && Object.hasOwn(words.languages, next)) await use(next);
}

export async function use(next) {
  wanted = next;
  const read = next === words.language ? words : await load(next);
  // Whoever switches twice gets what they switched to last.
  if (wanted !== next) return;
  words = read;
  apply();
}

function apply() {
  document.documentElement.lang = words.language;
  for (const node of document.querySelectorAll("[data-i18n]")) {
    node.textContent = t(node.dataset.i18n, JSON.parse(node.dataset.i18nValues ?? "{}"));
  }
  for (const [data, attribute] of Object.entries(ATTRIBUTES)) {
    const selector = `[data-${data.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const node of document.querySelectorAll(selector)) node.setAttribute(attribute, t(node.dataset[data]));
  }
  for (const listener of listeners) listener(words.language);
}
