// What can be done with a message: copy it, rate it, ask again, or take the last one up to change it.

import { el } from "./dom.js";
import { label, say, t } from "./i18n.js";
import { icon } from "./icons.js";

export function tool(key, drawn, onclick) {
  const node = label(el("button.mini.quiet", { onclick }, icon(drawn)), key);
  node.title = t(key);
  node.dataset.i18nTitle = key;
  return node;
}

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

const copyTool = (node) => copying(tool("copy", "copy"), () => node.text);

const COPIED_MS = 1_500;

export function copying(button, text) {
  if (!navigator.clipboard) return null;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    const done = say(el("span.copied.muted", { role: "status" }), "copied");
    button.after(done);
    setTimeout(() => done.remove(), COPIED_MS);
  });
  return button;
}
