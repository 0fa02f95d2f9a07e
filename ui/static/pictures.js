// Brings pictures for a program that can send none: each is uploaded, and its id is there to copy.

import { call, refusals, url } from "./api.js";
import { byId, el } from "./dom.js";
import { say } from "./i18n.js";
import { PersonPage } from "./person.js";
import { setUpDrop, shrunk } from "./photos.js";
import { copying } from "./tools.js";

const MOST_AT_ONCE = 4;

const refuse = refusals("pictures-error");
const page = new PersonPage(["bring"], { enter, refuse, leave: () => byId("pictures").replaceChildren() });

async function enter() {
  refuse(null);
  page.only("bring");
}

async function bring(files) {
  refuse(files.length > MOST_AT_ONCE ? { code: "too_many_pictures", message: "" } : null);
  if (files.length > MOST_AT_ONCE) return;
  for (const file of files) {
    const row = el("li.panel", {}, say("span.muted", "picture_sending"));
    byId("pictures").prepend(row);
    try {
      const { image_id: id } = await call("POST", "/api/images", await shrunk(file));
      row.replaceChildren(...brought(id));
    } catch (error) {
      row.remove();
      refuse(error);
    }
  }
}

function brought(id) {
  const button = copying(say("button.quiet", "copy"), () => id);
  return [el("img", { alt: "", src: url`/api/images/${id}` }), el("code.grow", { tabindex: "0" }, id), button];
}

setUpDrop(byId("bring"), bring);
byId("file").addEventListener("change", ({ target }) => {
  const files = [...target.files];
  // The same file may be chosen again.
  target.value = "";
  bring(files);
});
page.start();
