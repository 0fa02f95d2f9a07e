// One message of the chat, with its pictures.

import { el } from "./dom.js";
import { currentLanguage, label, say } from "./i18n.js";

export function bubble(role, text, imageIds, agent, policies = []) {
  const pictures = imageIds.map((id) =>
    el("a", { href: `/api/images/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener" }, picture(id)),
  );
  return el("li", { class: `message ${role}`, "data-role": role }, author(role, agent), ...pictures, el("p", { class: "said" }, text), sources(policies));
}

function sources(policies) {
  if (!policies.length) return null;
  return el("p", { class: "sources muted" }, say(el("span"), "sources"), ...policies.map(source));
}

function source({ policy_id: id, title }) {
  const href = `/api/policies/${encodeURIComponent(id)}?language=${currentLanguage()}`;
  return el("a", { href, target: "_blank", rel: "noopener" }, title);
}

function author(role, agent) {
  if (role === "customer") return say(el("span", { class: "author unseen" }), "you");
  if (role === "person") return say(el("span", { class: "author" }), "person");
  return el("span", { class: "author" }, agent ?? "");
}

function picture(id) {
  return label(el("img", { src: `/api/images/${encodeURIComponent(id)}`, loading: "lazy" }), "picture");
}
