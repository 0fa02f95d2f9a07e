// The switches of every screen: of its language, each by its own name, and of its colours.

import { ApiError } from "./api.js";
import { byId, el } from "./dom.js";
import { option } from "./field.js";
import { choose, currentLanguage, languages, onLanguage, t } from "./i18n.js";

const KEPT = "shopdesk-theme";
const THEMES = ["system", "light", "dark"];

export function setUpSwitches(tell) {
  setUpLanguages(tell);
  const list = byId("theme");
  list.replaceChildren(...THEMES.map((theme) => option(theme, `theme_${theme}`)));
  list.value = document.documentElement.dataset.theme ?? "system";
  list.addEventListener("change", () => turnTo(list.value));
}

function setUpLanguages(tell) {
  const list = byId("language");
  list.replaceChildren(...Object.entries(languages()).map(([code, name]) => el("option", { value: code, lang: code }, name)));
  const show = () => (list.value = currentLanguage());
  show();
  onLanguage(show);
  list.addEventListener("change", () => {
    choose(list.value).catch(() => {
      show();
      tell(new ApiError(0, "unreachable", t("error_unreachable")));
    });
  });
}

function turnTo(theme) {
  localStorage.setItem(KEPT, theme);
  document.documentElement.dataset.theme = theme;
}
