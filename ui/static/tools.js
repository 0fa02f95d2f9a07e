// What can be done with a message: copy it, say what one thinks of it, ask again, or take the last one up to change it.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { label, say, t } from "./i18n.js";

const COPIED_MS = 1_500;

export function tool(key, drawn, onclick) {
  const node = label(el("button.mini", { onclick }, icon(drawn)), key);
  node.title = t(key);
  node.dataset.i18nTitle = key;
  return node;
}

// `rate` keeps a thumb and may fail; what is shown is what was kept.
export function answerTools(node, { rate, retry }) {
  const thumbs = { up: tool("thumb_up", "up", () => press("up")), down: tool("thumb_down", "down", () => press("down")) };
  const mark = (thumb) => Object.entries(thumbs).forEach(([way, button]) => button.setAttribute("aria-pressed", String(way === thumb)));
  const press = async (way) => {
    const next = node.thumb === way ? null : way;
    if (!(await rate(next))) return;
    node.thumb = next;
    mark(next);
  };
  node.mark = (thumb) => ((node.thumb = thumb), mark(thumb));
  mark(null);
  return el("div.tools", {}, copyTool(node), thumbs.up, thumbs.down, tool("retry", "again", retry));
}

export function ownTools(node, { edit }) {
  return el("div.tools", {}, copyTool(node), tool("edit", "pencil", () => edit(node.text)));
}

// A shop that is not served safely has no clipboard for its page.
function copyTool(node) {
  if (!navigator.clipboard) return null;
  const button = tool("copy", "copy", async () => {
    await navigator.clipboard.writeText(node.text);
    const done = say(el("span.copied.muted", { role: "status" }), "copied");
    button.after(done);
    setTimeout(() => done.remove(), COPIED_MS);
  });
  return button;
}
