// The switch of the colours: as the system has them, light, dark.

import { byId, el } from "./dom.js";
import { say } from "./i18n.js";

const KEPT = "shopdesk-theme";
const THEMES = ["system", "light", "dark"];

export function setUpThemes() {
  const list = byId("theme");
  list.replaceChildren(...THEMES.map((theme) => say(el("option", { value: theme }), `theme_${theme}`)));
  list.value = document.documentElement.dataset.theme ?? "system";
  list.addEventListener("change", () => choose(list.value));
}

function choose(theme) {
  if (theme === "system") {
    localStorage.removeItem(KEPT);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEPT, theme);
    document.documentElement.dataset.theme = theme;
  }
}
