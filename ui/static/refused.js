// Tells that a program's request was refused; the page says which words, here they get their language.

import { currentLanguage, use } from "./i18n.js";
import { setUpSwitches } from "./switches.js";

await use(currentLanguage());
// Without the shop there are no other words, and this page has nothing else to say.
setUpSwitches(() => {});
