// What a member of the picture is: a specialist's prompt and tools, a server's tools, what a slice serves.

import { byId, el, show } from "../dom.js";
import { say, t } from "../i18n.js";

export function describe({ kind, id }, team, slices) {
  const made = { router, specialist, server, slice }[kind](id, team, slices);
  byId("member").replaceChildren(el("h2", {}, kind === "router" ? t("team_router") : id), ...made);
  show("member", true);
}

function router(_, { router: { prompt } }) {
  return prompted(prompt);
}

function specialist(id, { specialists }) {
  const { description, prompt, reminders, tools, place } = specialists.find(({ name }) => name === id);
  const rules = Object.entries(reminders).map(([when, rule]) => el("li", {}, el("span.code", {}, when), ` ${rule}`));
  return [
    el("p", {}, description),
    el("p.muted.code", {}, place),
    ...prompted(prompt),
    ...(rules.length ? [say("h3", "member_reminders"), el("ul", {}, ...rules)] : []),
    say("h3", "call_tools"),
    el("p.code", {}, tools.join(", ") || "–"),
  ];
}

function prompted(prompt) {
  return [say("h3", "call_prompt"), el("pre", {}, prompt)];
}

function server(id, { servers }) {
  const { tools } = servers.find(({ name }) => name === id);
  const told = tools.map(({ name, description, reads, asks }) => {
    const key = reads ? "tool_reads" : asks ? "tool_asks" : "tool_writes";
    return el("li", {}, el("span.code", {}, name), " ", say(`span.badge.${reads ? "" : "warn"}`, key), el("br"), el("span.muted", {}, description));
  });
  return [el("ul", {}, ...told)];
}

function slice(id, { roles }, { endpoints }) {
  const { model, context_tokens: tokens } = endpoints.find(({ key }) => key === id);
  const own = roles.filter(({ endpoint }) => endpoint === id).map(({ role }) => role);
  return [el("p.code", {}, model), el("p", {}, t("member_context", { tokens })), el("p", {}, t("member_roles", { roles: own.join(", ") || "–" }))];
}
