// The messages of one conversation, as its steps tell them.

import { call, told, url } from "./api.js";
import { byId, show } from "./dom.js";
import { has, say } from "./i18n.js";
import { plain } from "./markdown.js";
import { bubble, drawInto, setText } from "./message.js";
import { QuestionCard } from "./question.js";
import { Shown } from "./shown.js";
import { answerTools, ownTools } from "./tools.js";

export class Chat {
  constructor(conversationId, { onRunning, onError, tell, begin }) {
    this.path = url`/api/conversations/${conversationId}`;
    this.onRunning = onRunning;
    this.onError = onError;
    this.questions = new Map();
    this.ways = { tell, begin };
    this.shown = new Shown(this.ways);
    this.live = null;
    this.attended = false;
    this.list = byId("messages");
    this.list.replaceChildren();
    this.withPerson(false);
    show("empty", true);
    this.run(false);
  }

  take(kind, data) {
    drawInto(byId("log"), () => this[kind]?.(data), kind === "message" && data.role === "customer");
  }

  message({ role, text, image_ids: imageIds = [], agent, policies, question_id: questionId, seq }) {
    this.dropLive();
    // The question that follows has a card of its own.
    if (questionId) return;
    const node = bubble(role, text, imageIds, agent, policies);
    node.append(this.toolsOf(node, role, seq));
    if (role === "assistant") this.showCards(node, text);
    if (seq) node.dataset.seq = seq;
    this.markThumb(node);
    this.add(node);
    if (role !== "customer") this.announce(role === "assistant" ? plain(text) : text);
  }

  // Who asked a question does not speak any more, so nobody would act on its answer.
  muted() {
    this.withPerson(true);
    for (const question of this.questions.values()) question.close("question_with_person");
  }

  given_back() {
    this.withPerson(false);
  }

  withPerson(is) {
    this.hasPerson = is;
    show("with-person", is);
  }

  // Retry says the last message once more, edit takes it up to be changed: what was said before stays said.
  toolsOf(node, role, seq) {
    if (role !== "customer") return answerTools(node, { rate: (thumb) => this.rate(seq, node, thumb), retry: () => this.lastSaid && this.ways.tell(this.lastSaid) });
    this.list.querySelector(".message.customer.last")?.classList.remove("last");
    node.classList.add("last");
    this.lastSaid = node.text;
    return ownTools(node, { edit: (text) => this.ways.begin(text) });
  }

  async rate(seq, node, thumb) {
    try {
      await call("PUT", `${this.path}/thumbs/${seq}`, { up: thumb && thumb === "up" });
      return true;
    } catch (error) {
      this.onError(told(error));
      return false;
    }
  }

  async showThumbs() {
    const { thumbs } = await call("GET", `${this.path}/thumbs`);
    this.thumbs = new Map(Object.entries(thumbs));
    for (const node of this.list.querySelectorAll("[data-seq]")) this.markThumb(node);
  }

  markThumb(node) {
    node.mark?.(this.thumbs?.get(node.dataset.seq) ?? null);
  }

  // Beside an answer is what was looked up for it; the buttons on older cards may offer what cannot be done any more.
  showCards(node, text) {
    const cards = this.shown.beside(text);
    if (!cards) return;
    for (const older of this.list.querySelectorAll(".cards")) older.classList.add("old");
    node.querySelector(".tools").before(cards);
    node.classList.add("with-cards");
  }

  tool_result({ card }) {
    if (card) this.shown.take(card);
  }

  turn_started() {
    this.shown.forget();
    this.run(true, "working_start");
  }

  router({ choice }) {
    this.work("working_router", { agent: choice });
  }

  // Words that turned out not to be for the customer are taken back.
  token({ agent, text, withdrawn }) {
    if (withdrawn) return this.dropLive();
    if (!this.live) {
      this.live = bubble("assistant", "", [], agent);
      this.live.classList.add("live");
      this.add(this.live);
    }
    setText(this.live, this.live.text + text);
    show("working", false);
  }

  // What a call that failed had begun to say, the next one says again.
  model({ error, failed }) {
    if (error || failed) this.dropLive();
  }

  // What was streamed before a tool call is thinking aloud; the answer follows the last call.
  tool_call({ agent, server, tool }) {
    this.dropLive();
    if (tool) this.work("working_tool", { agent, tool });
    else this.work(has(`working_${server}`) ? `working_${server}` : "working_on_it");
  }

  // What was streamed is a part of the answer that comes whole at the end.
  handoff({ to }) {
    this.dropLive();
    if (to) this.work("working_router", { agent: to });
    else this.work("working_on_it");
  }

  question(question) {
    this.dropLive();
    for (const older of this.questions.values()) older.close("question_replaced");
    const card = new QuestionCard(question, this.path, (id, yes) => this.answerQuestion(id, yes));
    this.questions.set(card.id, card);
    this.add(card.item);
    this.announce(question.text);
    this.asked = card;
    if (this.hasPerson) card.close("question_with_person");
  }

  answer({ question_id: id, yes }) {
    this.questions.get(id)?.answered(yes);
  }

  turn_ended({ status }) {
    this.dropLive();
    this.run(false);
    // Focus moves only for a person who is here and is not writing something else.
    if (status === "asked" && this.attended && !byId("text").value) this.asked?.focus();
  }

  async answerQuestion(id, yes) {
    this.attended = true;
    try {
      await call("POST", `${this.path}/confirmations/${encodeURIComponent(id)}`, { yes });
      byId("text").focus();
    } catch (error) {
      this.onError(told(error));
      throw error;
    }
  }

  async send(text, imageIds) {
    this.attended = true;
    this.run(true, "working_start");
    this.sending = call("POST", `${this.path}/messages`, { text, image_ids: imageIds });
    try {
      await this.sending;
    } catch (error) {
      this.run(error.code === "conversation_busy");
      throw error;
    }
  }

  // A message that is still on its way has no turn yet that could be stopped.
  async stop() {
    this.work("working_stop");
    await this.sending?.catch(() => {});
    await call("POST", `${this.path}/stop`);
  }

  run(is, key) {
    this.running = is;
    show("working", is);
    if (key) this.work(key);
    this.onRunning(is);
  }

  work(key, values) {
    if (!this.running) return;
    say(byId("working-text"), key, values);
    show("working", true);
  }

  add(node) {
    show("empty", false);
    this.list.append(node);
  }

  dropLive() {
    this.live?.remove();
    this.live = null;
    show("working", this.running);
  }

  announce(text) {
    if (this.attended) byId("announcer").textContent = text;
  }
}
