// One task: its answer, what waits for a yes, and each step as it happens.

import { call, url } from "../api.js";
import { el, show } from "../dom.js";
import { say, t } from "../i18n.js";
import { markdown } from "../markdown.js";
import { QuestionCard } from "../question.js";
import { argumentsOf, duration, resultOf, row, why } from "../rows.js";
import { badge, fail, headOf, when } from "./frame.js";

const AGAIN_MS = 2_000;
const OPEN = ["waiting", "running"];
const KINDS = ["task_started", "plan", "step_started", "step_failed", "step_call", "step_result", "step_ended", "question", "answered", "vote", "task_ended"];

let stream = null;

export const statusOf = (status) => badge(status, `task_${status}`);

export const leaveTask = () => stream?.close();

export async function openTask(place, id) {
  const path = url`/cooperation/task/${id}`;
  const task = await call("GET", path);
  if (place.isConnected) new Shown(place, path, task).listen(() => openTask(place, id).catch(fail));
}

const said = (text) => el("div.said", { dir: "auto" }, ...markdown(text));

class Shown {
  constructor(place, path, task) {
    Object.assign(this, { place, path, rows: new Map(), changes: new Map() });
    this.status = el("span");
    this.cancel = say(el("button", { id: "cancel", onclick: () => this.stop() }), "task_cancel");
    this.asks = el("div");
    this.answer = el("section.answer.panel", { "aria-live": "polite" });
    this.list = el("ol.rows");
    const facts = [t(`mode_${task.mode}`), task.models.join(", "), t("fact_at", { at: when(task.created_at) })];
    const steps = el("details.turn", { open: OPEN.includes(task.status) }, el("summary", {}, say("strong", "task_steps")), this.list);
    place.replaceChildren(...headOf("back_to_tasks", task.query, [this.status, this.cancel], facts), this.asks, this.answer, steps);
    this.became(task);
  }

  became({ status, changes, result }) {
    this.open = OPEN.includes(status);
    this.status.replaceChildren(statusOf(status));
    show(this.cancel, this.open);
    show(this.answer, !this.open);
    for (const one of changes) this.ask(one);
    if (result) this.tell(result);
  }

  tell({ text, notes, prompt_tokens: prompt, completion_tokens: completion }) {
    const missing = notes.map((note) => el("p.error", { dir: "auto" }, note));
    this.answer.replaceChildren(say("h2", "task_answer"), text ? said(text) : say("p.muted", "task_no_answer"), ...missing, say("p.muted", "tokens", { prompt, completion }));
  }

  // What is still asked stays as it is under the reader's hand.
  ask(change) {
    const { question_id: id, status, result } = change;
    const before = this.changes.get(id);
    if (before?.status === status) return;
    const { node } = this.cardOf(change);
    if (result && status !== "declined") node.append(el("p.muted", { dir: "auto" }, result));
    if (before) before.node.replaceWith(node);
    else this.asks.append(node);
    this.changes.set(id, { status, node });
  }

  cardOf(change) {
    const { status } = change;
    const card = new QuestionCard(change, this.path, (id, yes) => this.decide(id, yes));
    if (status === "done" || status === "declined") card.answered(status === "done");
    else if (status !== "asked") card.close(`change_${status}`);
    return card;
  }

  async decide(id, yes) {
    fail(null);
    try {
      this.became(await call("POST", `${this.path}/confirmations/${id}`, { yes }));
    } catch (error) {
      await this.look();
      fail(error);
      throw error;
    }
  }

  stop() {
    return call("POST", `${this.path}/cancel`).then((task) => this.became(task)).catch(fail);
  }

  look() {
    return call("GET", this.path).then((task) => this.became(task)).catch(fail);
  }

  // The browser asks again by itself, but not where the shop has refused it once.
  listen(again) {
    leaveTask();
    stream = new EventSource(`${this.path}/events`);
    stream.onerror = ({ target }) => target.readyState === EventSource.CLOSED && setTimeout(() => this.place.isConnected && again(), AGAIN_MS);
    for (const kind of KINDS) stream.addEventListener(kind, ({ data }) => this[kind](JSON.parse(data)));
  }

  add(kind, key, head, body) {
    const { node } = row(kind, key, head, body);
    this.list.append(node);
    return node;
  }

  task_started({ again }) {
    if (again) this.add("handoff", "task_again", [], []);
  }

  plan({ steps, problem }) {
    if (problem) return this.add("router", "task_plan", [say("span.badge.failed", "error_mark")], [say("p.why", "plan_unusable"), el("p.muted", {}, problem)]);
    return this.add("router", "task_plan", [], steps.map(({ step, task, model }) => el("p.why", { dir: "auto" }, el("strong", {}, `${step} (${model})`), ` ${task}`)));
  }

  // A step that broke off with its process is taken anew.
  step_started({ step, model, after = [] }) {
    this.rows.get(step)?.node.remove();
    const one = { status: say("span.badge", "turn_running"), time: el("span.ms"), did: el("div.did") };
    const reads = after.length ? say("p.muted", "step_reads", { steps: after.join(", ") }) : null;
    one.node = this.add("model", "step_asked", [el("strong", {}, model), el("span.code.muted", {}, step), one.status, one.time], [reads, one.did]);
    this.rows.set(step, one);
  }

  did(step, ...nodes) {
    this.rows.get(step).did.append(...nodes);
  }

  step_failed(data) {
    this.did(data.step, el("div.head", {}, badge("failed", "error_mark"), el("strong", {}, data.model)), why(data, "error"));
  }

  step_call(data) {
    this.did(data.step, el("div.head", {}, say("span.what", "tool"), el("strong.code", {}, `${data.server}.${data.tool}`)), argumentsOf(data));
  }

  step_result(data) {
    this.did(data.step, resultOf(data));
  }

  // One that was stopped before it began has not been told of yet.
  step_ended(data) {
    const { step, error, text, ms, model, in_place_of: own } = data;
    if (!this.rows.has(step)) this.step_started(data);
    const { status, time } = this.rows.get(step);
    status.replaceWith(error ? badge("failed", "status_failed") : badge("done", "status_done"));
    time.textContent = ms ? duration(ms) : "";
    if (own) this.did(step, el("div.head", {}, el("strong", {}, model), badge("warn", "in_place_of", { own })));
    this.did(step, error ? why(data, "error") : said(text));
  }

  question({ step }) {
    this.did(step, badge("asked", "step_waits"));
    this.look();
  }

  answered() {
    this.look();
  }

  vote({ winner, tied, disagree }) {
    const first = winner ? el("strong", {}, winner) : badge("warn", tied.length ? "vote_tie" : "vote_nobody");
    this.add("answer", "task_vote", [first, disagree ? badge("warn", "vote_differ") : badge("done", "vote_agreed")], []);
  }

  task_ended() {
    leaveTask();
    if (this.open) this.look();
  }
}
