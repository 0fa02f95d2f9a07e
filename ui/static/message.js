// One message of the chat, with its pictures.

import { el } from "./dom.js";
import { label, say } from "./i18n.js";

export function bubble(role, text, imageIds, agent) {
  const pictures = imageIds.map((id) =>
    el("a", { href: `/api/images/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener" }, picture(id)),
  );
  const you = () => say(el("span", { class: "author unseen" }), "you");
  const author = role === "customer" ? you() : el("span", { class: "author" }, agent ?? "");
  return el("li", { class: `message ${role}`, "data-role": role }, author, ...pictures, el("p", { class: "said" }, text));
}

function picture(id) {
  return label(el("img", { src: `/api/images/${encodeURIComponent(id)}`, loading: "lazy" }), "picture");
}
