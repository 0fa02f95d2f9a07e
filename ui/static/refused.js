// Tells that a program's request was refused; the page says which words, here they get their language.

import { setUpSwitches } from "./switches.js";

// Without the shop there are no other words, and this page has nothing else to say.
setUpSwitches(() => {});
