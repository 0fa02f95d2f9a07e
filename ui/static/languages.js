// The switch of the page's language: each by its own name, so that whoever cannot read the page finds theirs.

import { ApiError } from "./api.js";
import { byId, el } from "./dom.js";
import { choose, currentLanguage, languages, onLanguage, t } from "./i18n.js";

export function setUpLanguages(tell) {
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
