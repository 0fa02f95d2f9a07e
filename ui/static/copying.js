// A button that copies; none without HTTPS, where a page has no clipboard.

import { say } from "./i18n.js";

const COPIED_MS = 1_500;

export function copying(button, text) {
  if (!navigator.clipboard) return null;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    const key = button.dataset.i18n;
    say(button, "copied");
    setTimeout(() => say(button, key), COPIED_MS);
  });
  return button;
}
