// Which language the page speaks: the one chosen, else the customer's, else the browser's.

import { currentLanguage, has, label, languages, say, sayAgain, speak, t } from "./words.js";

export { currentLanguage, has, label, languages, say, t };

const KEPT = "shopdesk-language";
// Words of a part that most people never see; its own HTML asks for them.
const ALSO = document.querySelector("[data-words]")?.dataset.words;
const listeners = [];
const loaded = new Map();

let chosen = localStorage.getItem(KEPT);
let spoken = await load(chosen ?? navigator.language);
if (chosen && chosen !== spoken.language) {
  // The shop no longer speaks it.
  chosen = null;
  spoken = await load(navigator.language);
}
let wanted = spoken.language;
sayIn(spoken);

async function load(language) {
  if (!loaded.has(language)) {
    const response = await fetch(`/words/${encodeURIComponent(language)}${ALSO ? `?also=${ALSO}` : ""}`);
    if (!response.ok) throw new Error(`The words of ${language} cannot be read: ${response.status}`);
    loaded.set(language, await response.json());
  }
  return loaded.get(language);
}

function sayIn(words) {
  speak(words);
  sayAgain();
}

export function onLanguage(listener) {
  listeners.push(listener);
}

export async function choose(next) {
  await use(next);
  chosen = next;
  localStorage.setItem(KEPT, next);
}

// Follows a customer's language until they have chosen one; staff have none but their browser's.
export async function follow({ staff, language }) {
  if (!chosen && !staff && Object.hasOwn(languages(), language)) await use(language);
}

export async function use(next) {
  wanted = next;
  const read = next === spoken.language ? spoken : await load(next);
  // Whoever switches twice gets what they switched to last.
  if (wanted !== next) return;
  spoken = read;
  sayIn(spoken);
  for (const listener of listeners) listener(currentLanguage());
}
