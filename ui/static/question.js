// The card that asks for the customer's yes before anything changes.

import { byId, el } from "./dom.js";
import { drawInto } from "./ends.js";
import { say } from "./i18n.js";
import { proposed } from "./proposal.js";

// Somebody who is typing must not confirm by the key they were just about to press.
const TOO_SOON_MS = 400;
// Of an old conversation, the answer follows its question at once, and what it was about is not looked up.
const LOOK_AFTER_MS = 100;

export class QuestionCard {
  constructor(question, path, onAnswer) {
    this.id = question.question_id;
    this.path = path;
    this.onAnswer = onAnswer;
    this.shownAt = Date.now();
    this.yes = say(el("button.primary.big", { onclick: (event) => this.press(event, true) }), "confirm");
    this.no = say(el("button.big", { onclick: (event) => this.press(event, false) }), "no");
    this.state = say("p.muted.state", "question_open");
    this.node = el(
      "div.confirm",
      { role: "group", "data-question": this.id },
      say("h3", "question_title"),
      el("p.asked", { dir: "auto" }, question.text),
      (this.facts = el("div.proposed")),
      el("div.buttons", {}, this.yes, this.no),
      this.state,
    );
    this.item = el("li.asks", {}, this.node);
    if (question.proposal) this.looks = setTimeout(() => this.look(question.proposal), LOOK_AFTER_MS);
    this.expires = setTimeout(() => this.close("question_expired"), untilMs(question.expires_at));
  }

  // The sentence alone is enough to answer by, so a page that cannot read the order shows no more than that.
  async look(proposal) {
    const facts = await proposed(proposal, this.path).catch(() => []);
    // The buttons stay in sight.
    drawInto(byId("log"), () => this.facts.append(...facts));
  }

  focus() {
    this.yes.focus();
  }

  async press(event, yes) {
    const byKey = event.detail === 0;
    if (byKey && Date.now() - this.shownAt < TOO_SOON_MS) return;
    this.enable(false);
    try {
      await this.onAnswer(this.id, yes);
    } catch (error) {
      if (error.code === "no_such_question") this.close("question_expired");
      else this.enable(true);
    }
  }

  answered(yes) {
    this.close(yes ? "question_yes" : "question_no");
    (yes ? this.yes : this.no).classList.add("picked");
    this.node.dataset.answer = yes ? "yes" : "no";
  }

  // The first thing that happens to a question is the last: answered, replaced, or expired.
  close(key) {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.expires);
    clearTimeout(this.looks);
    this.enable(false);
    this.node.classList.add("closed");
    say(this.state, key);
  }

  enable(is) {
    this.yes.disabled = !is;
    this.no.disabled = !is;
  }
}

// As long as a browser's clock can wait at most.
export function untilMs(moment) {
  return Math.max(0, Math.min(new Date(moment) - Date.now(), 2 ** 31 - 1_000));
}
