// A policy of the handbook, as a page to read in the language of the page.

import { ApiError, told, url } from "./api.js";
import { byId } from "./dom.js";
import { currentLanguage, onLanguage, t, use } from "./i18n.js";
import { markdown } from "./markdown.js";
import { setUpSwitches } from "./switches.js";

async function show() {
  const id = decodeURIComponent(location.pathname.split("/").pop());
  const language = currentLanguage();
  const response = await fetch(url`/api/policies/${id}?language=${language}`);
  if (!response.ok) throw new ApiError(response.status, (await response.json()).code, response.statusText);
  const [title, ...text] = (await response.text()).split("\n");
  if (language !== currentLanguage()) return;
  document.title = title;
  byId("policy-title").textContent = title;
  byId("policy-text").replaceChildren(...markdown(text.join("\n").trim()));
  byId("policy-error").textContent = "";
}

const refuse = (error) => (byId("policy-error").textContent = error instanceof ApiError ? told(error) : t("error_unreachable"));

// A link names the language of the answer that it stood in; whoever chose one for the page reads that.
const asked = new URLSearchParams(location.search).get("language");
await use(localStorage.getItem("shopdesk-language") ? currentLanguage() : (asked ?? currentLanguage()));
setUpSwitches(refuse);
onLanguage(() => show().catch(refuse));
await show().catch(refuse);
