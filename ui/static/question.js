// The card that asks for the customer's yes before anything changes.

import { call, url } from "./api.js";
import { byId, el } from "./dom.js";
import { beforeAfter } from "./done.js";
import { say } from "./i18n.js";
import { addressWords, lineOf, optionWords } from "./lines.js";
import { drawInto } from "./message.js";
import { statusWords } from "./status.js";

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
    if (question.expires_at) this.expires = setTimeout(() => this.close("question_expired"), untilMs(question.expires_at));
  }

  // The sentence alone is enough to answer by, so a page that cannot read the order shows no more than that.
  async look(proposal) {
    const facts = await proposed(proposal, this.path).catch(() => []);
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

const STATUS_AFTER = { cancel_order: "cancelled", return_items: "return requested", exchange_items: "exchange requested" };

// `path` is the conversation's: whose order it is, is known there.
async function proposed(proposal, path) {
  return facts(proposal, proposal.order_id ? await call("GET", `${path}/orders/${encodeURIComponent(proposal.order_id)}`) : null);
}

// `address` is the one before a change that is about no order.
export async function facts(proposal, order, address = null) {
  const lines = linesOf(proposal, order);
  const rows = [...(await swaps(proposal, lines)), ...statusRow(proposal, order), ...addressRow(proposal, order?.address ?? address)];
  return [
    lines.length ? el("ul.lines", {}, ...lines.map((line) => lineOf(line, order.currency))) : null,
    rows.length ? beforeAfter(rows) : null,
  ].filter(Boolean);
}

// An order may hold an item twice: each id stands for one line.
function linesOf({ action, item_ids: ids }, order) {
  if (!order) return [];
  if (action === "cancel_order") return order.lines;
  const left = [...order.lines];
  return ids.flatMap((id) => {
    const at = left.findIndex(({ item_id: item }) => item === id);
    return at < 0 ? [] : left.splice(at, 1);
  });
}

async function swaps({ new_item_ids: ids }, lines) {
  const row = async (id, index) => {
    const line = lines[index];
    if (!line) return [];
    const { variants } = await call("GET", url`/api/products/${line.product_id}`);
    const chosen = variants.find(({ item_id: item }) => item === id);
    return chosen ? [{ what: "difference_item", was: optionWords(line.options), now: optionWords(chosen.options) }] : [];
  };
  return (await Promise.all(ids.map(row))).flat();
}

function statusRow({ action }, order) {
  const after = STATUS_AFTER[action];
  return after && order ? [{ what: "difference_status", was: statusWords(order.status), now: statusWords(after) }] : [];
}

function addressRow({ address }, before) {
  return address ? [{ what: "difference_address", was: before ? addressWords(before) : null, now: addressWords(address) }] : [];
}
