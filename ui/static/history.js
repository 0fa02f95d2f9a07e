// The sidebar of the person's conversations: found, opened, renamed, deleted.

import { moment } from "./amounts.js";
import { call, url } from "./api.js";
import { byId, el, onClick, show } from "./dom.js";
import { lookWhenTyped } from "./field.js";
import { label, say, t } from "./i18n.js";
import { tool } from "./tools.js";

const ONE = (id) => url`/api/conversations/${id}`;

let ways = null;
let cursor = null;
let asked = 0;

export function setUpHistory({ onPick, onRenamed, onDeleted, onError }) {
  ways = { onPick, onRenamed, onDeleted, onError };
  onClick("history", () => (byId("history-list").hidden ? open().catch(onError) : close()));
  onClick("close-history", () => (close(), byId("history").focus()));
  onClick("more", () => fill(cursor).catch(onError));
  lookWhenTyped(byId("search"), () => fill().catch(onError));
  byId("history-list").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("form") === null) (close(), byId("history").focus());
  });
}

async function open() {
  byId("search").value = "";
  await fill();
  show("history-list", true);
  byId("history").setAttribute("aria-expanded", "true");
  byId("desk").classList.add("with-history");
  (byId("history-items").querySelector("button") ?? byId("search")).focus();
}

export function close() {
  show("history-list", false);
  byId("history").setAttribute("aria-expanded", "false");
  byId("desk").classList.remove("with-history");
}

// After a turn, the conversation that was used last stands first.
export function refreshHistory() {
  if (!byId("history-list").hidden && !byId("history-list").querySelector("form, .sure")) fill().catch(() => {});
}

async function fill(after) {
  const number = ++asked;
  const found = await call("GET", `/api/conversations?${new URLSearchParams({ search: byId("search").value, ...(after ? { after } : {}) })}`);
  if (number !== asked) return;
  cursor = found.next_cursor;
  const items = found.conversations.map(item);
  if (after) byId("history-items").append(...items);
  else byId("history-items").replaceChildren(...items);
  show("more", cursor);
  show("no-history", byId("history-items").children.length === 0);
  say(byId("no-history"), byId("search").value ? "nothing_found" : "no_conversations");
}

function item(conversation) {
  const row = el("li.entry-of-list");
  const draw = () => {
    const pick = () => {
      if (matchMedia("(max-width: 900px)").matches) close();
      ways.onPick(conversation.id);
    };
    const open = el("button.item", { onclick: pick }, name(conversation), el("time.muted", { datetime: conversation.updated_at }, moment(conversation.updated_at)));
    const rename = tool("rename", "pencil", () => edit(row, conversation, draw));
    const remove = tool("delete", "bin", () => ask(row, conversation, draw));
    row.replaceChildren(open, rename, remove);
  };
  draw();
  return row;
}

function edit(row, conversation, done) {
  const field = label(el("input", { value: conversation.title, maxlength: "60", dir: "auto", required: true }), "rename");
  const save = async (event) => {
    event.preventDefault();
    try {
      conversation.title = (await call("PATCH", ONE(conversation.id), { title: field.value })).title;
      ways.onRenamed(conversation);
    } catch (error) {
      ways.onError(error);
    }
    leave();
  };
  const leave = () => (done(), row.querySelector("button").focus());
  const form = el("form", { onsubmit: save, onkeydown: (event) => event.key === "Escape" && leave() }, field, say(el("button", { type: "submit" }), "save"));
  row.replaceChildren(form);
  field.select();
}

function ask(row, conversation, done) {
  const remove = async () => {
    try {
      await call("DELETE", ONE(conversation.id));
      row.remove();
      ways.onDeleted(conversation);
      byId("search").focus();
    } catch (error) {
      done();
      ways.onError(error);
    }
  };
  const sure = say(el("button.danger", { onclick: remove }), "delete_sure");
  const keep = say(el("button", { onclick: () => (done(), row.querySelector("button").focus()) }), "keep");
  row.replaceChildren(el("div.sure", { role: "group" }, el("span.grow.name", { dir: "auto" }, conversation.title || t("untitled")), sure, keep));
  keep.focus();
}

export function name({ title }) {
  return title ? el("span.name.one-line", { dir: "auto" }, title) : say("span.name.one-line", "untitled");
}
