// One turn: what was asked and answered, its waterfall, and each model step to open.

import { call, url } from "../api.js";
import { el } from "../dom.js";
import { say, t } from "../i18n.js";
import { Turn } from "../turn.js";
import { callOf } from "./model_call.js";
import { number, time, when } from "./frame.js";
import { replayOf } from "./replay.js";

class Opened extends Turn {
  constructor(at, turn, kept) {
    super(1, at);
    this.turn = turn;
    this.kept = new Set(kept);
  }

  addRow(kind, data, at) {
    super.addRow(kind, data, at);
    if (data.model) this.rows.at(-1).node.append(callOf(this.turn, data, this.kept.has(data.record)));
  }
}

export async function openTrace(place, id) {
  const found = await call("GET", url`/api/traces/${id}`);
  const { trace, steps, kept, can_be_replayed: again } = found;
  const turn = new Opened(Date.parse(steps[0]?.at ?? trace.at), id, kept);
  for (const { kind, data, seq, at } of steps) turn.take(kind, { ...data, seq, at });
  place.replaceChildren(head(trace), answerOf(steps), facts(trace), turn.node);
  place.querySelector("h1").focus();
  if (again) place.append(await replayOf(trace, steps));
}

function head(trace) {
  const path = url`/api/traces/${trace.id}/export`;
  return el(
    "div.one-head",
    {},
    say(el("a.quiet", { href: "#" }), "back_to_turns"),
    el("h1", { tabindex: "-1", dir: "auto" }, trace.asked || t("turn_without_text")),
    say(`span.badge.${trace.status}`, `status_${trace.status}`),
    say(el("a.quiet", { href: path, download: true, id: "export" }), "export"),
  );
}

function answerOf(steps) {
  const said = steps.filter(({ kind, data }) => kind === "message" && data.role === "assistant");
  const thumbs = said.filter(({ thumb }) => thumb).map(({ thumb }) => say(`span.badge.${thumb === "up" ? "good" : "bad"}`, `thumb_${thumb}`));
  return el("p.one-answer", { dir: "auto" }, said.map(({ data }) => data.text).join("\n\n"), " ", ...thumbs);
}

function facts(trace) {
  const told = [
    t("fact_at", { at: when(trace.at) }),
    t(`caller_${trace.caller}`),
    t("fact_first_word", { time: time(trace.first_word_ms) }),
    t("fact_total", { time: time(trace.ms) }),
    t("fact_tokens", { prompt: number(trace.prompt_tokens), completion: number(trace.completion_tokens), cached: number(trace.cached_tokens) }),
  ];
  const ids = el("span.code", {}, `${trace.conversation_id} · ${trace.id}`);
  return el("p.one-facts", {}, ...told.map((one) => el("span", {}, one)), ids);
}
