// The shop's API, as its own document tells it: a group for each tag, and an operation that opens.

import { call, refusals } from "./api.js";
import { byId, el, show } from "./dom.js";
import { say } from "./i18n.js";
import { setUpSwitches } from "./switches.js";

const refuse = refusals("docs-error");
let read = false;
let schemas = {};

function operations(document) {
  const groups = new Map();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? "";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(shown(path, method, operation));
    }
  }
  return [...groups].map(([tag, each]) => el("section", {}, el("h2", {}, tag), ...each));
}

function shown(path, method, operation) {
  const node = el(
    "details",
    { class: "operation panel", "data-words": `${method} ${path} ${operation.summary} ${operation.description ?? ""}`.toLowerCase() },
    el(
      "summary",
      {},
      el("span", { class: `method ${method}` }, method.toUpperCase()),
      el("span.path", {}, path),
      el("span.muted", {}, operation.summary ?? ""),
    ),
  );
  // Hundreds of schemas are drawn only where somebody looks.
  node.addEventListener("toggle", () => node.children.length > 1 || node.append(details(path, method, operation)));
  return node;
}

function details(path, method, operation) {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  return el(
    "div",
    {},
    el("p", {}, operation.description ?? operation.summary ?? ""),
    needs(operation),
    ...part("docs_parameters", table((operation.parameters ?? []).map(parameter))),
    ...part("docs_body", body && table(fields(resolved(body)))),
    ...part("docs_answers", table(Object.entries(operation.responses).map(answer))),
    ...part("docs_example", el("pre", {}, example(path, method, body && resolved(body)))),
  );
}

function part(key, content) {
  return content ? [say("h3", key), content] : [];
}

function needs(operation) {
  const scope = (operation.security ?? []).flatMap((one) => one.bearer ?? [])[0];
  if (scope) return say("p.muted", "docs_scope", { scope });
  return operation.security?.length ? null : say("p.muted", "docs_open");
}

function table(rows) {
  return rows.length ? el("table", {}, el("tbody", {}, ...rows)) : null;
}

function parameter(one) {
  return row(one.name, kind(one.schema), one.description ?? one.schema.description, one.required);
}

function fields(schema) {
  const required = schema.required ?? [];
  return Object.entries(schema.properties ?? {}).map(([name, one]) => row(name, kind(one), one.description, required.includes(name)));
}

function answer([status, one]) {
  const schema = one.content?.["application/json"]?.schema;
  // Every refusal has the same fields.
  const names = status < "400" ? Object.keys(resolved(schema ?? {}).properties ?? {}).join(", ") : "";
  return row(status, names, one.description, false);
}

function row(name, type, description, required) {
  const needed = required ? say("em", "docs_required") : null;
  return el("tr", {}, el("td", {}, name), el("td", {}, needed, needed ? " " : null, type), el("td", {}, description ?? ""));
}

function kind(schema) {
  const one = resolved(schema);
  if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (one.anyOf) return one.anyOf.map(kind).join(" | ");
  if (one.type === "array") return `[${kind(one.items ?? {})}]`;
  return one.const === undefined ? (one.type ?? "") : JSON.stringify(one.const);
}

function resolved(schema) {
  return schema.$ref ? (schemas[schema.$ref.split("/").pop()] ?? {}) : schema;
}

function example(path, method, body) {
  const lines = [`curl ${location.origin}${path}`, `-H "Authorization: Bearer $SHOPDESK_KEY"`];
  if (method === "post") {
    const given = Object.fromEntries((body?.required ?? []).map((name) => [name, sample(resolved(body.properties[name]))]));
    lines.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(given)}'`);
  }
  return lines.join(" \\\n  ");
}

function sample(schema) {
  if (schema.enum) return schema.enum[0];
  if (schema.type === "array") return [];
  if (schema.type === "boolean") return true;
  return schema.type === "integer" || schema.type === "number" ? 1 : "…";
}

function filter() {
  const wanted = byId("filter").value.trim().toLowerCase();
  for (const one of document.querySelectorAll(".operation")) show(one, one.dataset.words.includes(wanted));
  const groups = [...byId("operations").children];
  for (const one of groups) show(one, one.querySelector(".operation:not([hidden])"));
  show("docs-none", read && groups.every(({ hidden }) => hidden));
}

async function start() {
  setUpSwitches(refuse);
  byId("filter").addEventListener("input", filter);
  const document = await call("GET", "/openapi.json");
  schemas = document.components.schemas;
  byId("operations").replaceChildren(...operations(document));
  read = true;
  filter();
}

start().catch(refuse);
