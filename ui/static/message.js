// One message of the chat, with its pictures; and the box of them, which is read from its end.

import { url } from "./api.js";
import { el } from "./dom.js";
import { currentLanguage, label, say } from "./i18n.js";
import { markdown } from "./markdown.js";

export function bubble(role, text, imageIds, agent, policies = []) {
  const pictures = imageIds.map((id) =>
    el("a", { href: url`/api/images/${id}`, target: "_blank", rel: "noopener" }, picture(id)),
  );
  const node = el("li", { class: `message ${role}`, "data-role": role }, author(role, agent), ...pictures, el("div.said", { dir: "auto" }), sources(policies));
  setText(node, text, policies);
  return node;
}

// What a customer or a person writes is shown as they typed it; a model's marks are shown as what they mean.
export function setText(node, text, policies = []) {
  node.text = text;
  const said = node.querySelector(".said");
  if (node.dataset.role !== "assistant") said.replaceChildren(text);
  else said.replaceChildren(...markdown(text, (words, address) => policyLink(words, address, policies)));
}

function policyLink(words, address, policies) {
  const named = policies.find(({ policy_id: id, title }) => title === words || address === id || address.endsWith(`/policies/${id}`));
  return named ? addressOf(named) : null;
}

function sources(policies) {
  if (!policies.length) return null;
  return el("p.sources.muted", {}, say("span", "sources"), ...policies.map(source));
}

function source(policy) {
  return el("a", { href: addressOf(policy), target: "_blank", rel: "noopener" }, policy.title);
}

function addressOf({ policy_id: id }) {
  return url`/policies/${id}?language=${currentLanguage()}`;
}

function author(role, agent) {
  if (role === "customer") return say("span.author.unseen", "you");
  if (role === "person") return say("span.author", "person");
  // Which specialist it was is a step of the team's, which not everybody sees.
  return agent ? el("span.author", {}, agent) : say("span.author", "shop_desk");
}

function picture(id) {
  return label(el("img", { src: url`/api/images/${id}`, loading: "lazy" }), "picture");
}

const NEAR_PX = 120;

export function drawInto(box, draw, always = false) {
  const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
  draw();
  if (near || always) box.scrollTop = box.scrollHeight;
}
