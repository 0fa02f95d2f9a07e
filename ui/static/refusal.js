// A refusal that stays told, in whichever language the page is switched to.

import { told } from "./api.js";
import { byId } from "./dom.js";
import { onLanguage } from "./i18n.js";

// Returns what tells an error in an element, or takes back what was told.
export function refusals(id) {
  let refusal = null;
  const tell = () => (byId(id).textContent = refusal ? told(refusal) : "");
  onLanguage(tell);
  return (error) => ((refusal = error), tell());
}
