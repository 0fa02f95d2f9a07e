// Questions to several models: asked here, each followed below its own address (#task), and found again.

import { call } from "../api.js";
import { byId, el, show } from "../dom.js";
import { disable, onSubmit, option } from "../field.js";
import { say, t } from "../i18n.js";
import { badge, enter, fail, lineOf, setUpPlaces } from "./frame.js";
import { leaveTask, openTask, statusOf } from "./task.js";

const MODES = ["vote", "parallel", "sequential", "pipeline", "decompose", "select"];

const form = byId("ask");
const mode = byId("mode");

async function list() {
  leaveTask();
  const { tasks } = await call("GET", "/cooperation/task");
  byId("found").replaceChildren(...tasks.map(line));
  show("none", !tasks.length);
}

function line(task) {
  const how = `${t(`mode_${task.mode}`)} · ${task.models.join(", ")}`;
  return lineOf(task.task_id, task.created_at, task.query, how, [statusOf(task.status)]);
}

function describeMode() {
  say(byId("mode-more"), `mode_${mode.value}_more`);
  show("options", mode.value === "vote");
}

async function begin() {
  fail(null);
  disable(["begin"], true);
  const given = new FormData(form);
  const options = mode.value === "vote" ? given.get("options").split(/[,，]/).map((one) => one.trim()).filter(Boolean) : [];
  const body = { query: given.get("query"), mode: mode.value, models: given.getAll("models"), options, wait_s: 0 };
  try {
    const { task_id: id } = await call("POST", "/cooperation/task", body);
    form.reset();
    describeMode();
    location.hash = encodeURIComponent(id);
  } catch (error) {
    fail(error);
  } finally {
    disable(["begin"], false);
  }
}

function model({ name, model: called, reachable }) {
  const away = reachable ? null : badge("failed", "load_away");
  return el("label", {}, el("input", { type: "checkbox", name: "models", value: name }), el("strong", {}, name), el("span.code.muted", {}, called), away);
}

if (await enter().catch(fail)) {
  mode.replaceChildren(...MODES.map((one) => option(one, `mode_${one}`)));
  mode.addEventListener("change", describeMode);
  describeMode();
  onSubmit(form, begin);
  call("GET", "/models").then(({ models }) => byId("models").replaceChildren(...models.filter(({ kind }) => kind === "endpoint").map(model))).catch(fail);
  await setUpPlaces(list, openTask);
}
