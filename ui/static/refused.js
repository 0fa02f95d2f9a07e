// Tells that a program's request was refused; the page says which words, here they get their language.

import { byId } from "./dom.js";
import { choose, currentLanguage, use } from "./i18n.js";

use(currentLanguage());
byId("language").addEventListener("click", () => choose(currentLanguage() === "en" ? "ko" : "en"));
