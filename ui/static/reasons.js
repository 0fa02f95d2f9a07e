// Why a step went as it did: the team says it in English, the panel in the customer's language.

import { el } from "./dom.js";
import { say } from "./i18n.js";

const REASONS = [
  [/^this specialist waited to know the customer$/, "reason_waited"],
  [/^this specialist's question was answered$/, "reason_answered"],
  [/^the likeliest of the candidates$/, "reason_likeliest"],
  [/^the model's choice$/, "reason_chosen"],
  [/^no model answered: (?<rest>.+)$/, "reason_no_model"],
  [/^the model named nobody: (?<said>.*)$/, "reason_nobody"],
  [/^(?:the vision model did not answer|no answer) in time$/, "reason_late"],
  [/^(?:the vision model answered with )?status (?<status>\d+)$/, "reason_status"],
  [/^status (?<status>\d+), again after (?<seconds>[\d.e+]+) s$/, "reason_status_again"],
  [/^(?:the connection failed|the vision model cannot be reached)$/, "reason_away"],
  [/^(?:a reply that cannot be read.*|the vision model's answer could not be read)$/, "reason_unreadable"],
  [/^an empty reply$/, "reason_empty_reply"],
  [/^a reply cut at max_tokens$/, "reason_cut"],
  [/^(?:a tool call that cannot be read|arguments that are no JSON object)$/, "reason_bad_call"],
  [/^a reply in another language$/, "reason_language"],
  [/^every endpoint failed a moment ago$/, "reason_all_rest"],
  [/^(?<key>\S+) failed a moment ago$/, "reason_rests"],
  [/^not for the customer: (?<rest>.+)$/, "reason_leaks"],
  [/^(?<have>\d+) characters; at most (?<most>\d+)$/, "reason_too_long"],
  [/^(?:no text|empty)$/, "reason_no_text"],
  [/^raw (?:JSON|data)$/, "reason_raw"],
  [/^payment method id$/, "reason_payment_id"],
  [/^internal id$/, "reason_internal_id"],
  [/^model markup$/, "reason_markup"],
  [/^prompt$/, "reason_prompt"],
  [/^tool names reworded: (?<names>.+)$/, "reason_tool_names"],
];

// A reason may hold others: what stands after a colon, or several in a row.
export function why(text) {
  return el("p", { class: "why" }, ...said(text));
}

function said(text) {
  const whole = found(text);
  if (whole) return whole;
  const [first, separator, ...rest] = text.split(/(; |, )/);
  return rest.length ? [...(found(first) ?? [first]), separator, ...said(rest.join(""))] : [text];
}

function found(text) {
  for (const [pattern, key] of REASONS) {
    const match = text.match(pattern);
    if (!match) continue;
    const { rest, ...values } = match.groups ?? {};
    return [say(el("span"), key, values), ...(rest ? [" ", ...said(rest)] : [])];
  }
  return null;
}
