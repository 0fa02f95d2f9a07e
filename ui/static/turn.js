// One turn of the team: its rows, its times, and the bar that shows when each step ran.

import { el } from "./dom.js";
import { say } from "./i18n.js";
import { duration, ROWS } from "./rows.js";

export class Turn {
  constructor(number, at) {
    this.startedAt = at;
    this.endedAt = at;
    this.ended = false;
    this.rows = [];
    this.calls = new Map();
    this.number = say("strong", "turn", { number });
    this.asked = el("span.asked-text.one-line.muted");
    this.status = say("span.badge", "turn_running");
    this.time = el("span.ms");
    this.totals = el("p.totals.muted");
    this.list = el("ol.rows");
    this.node = el(
      "details.turn",
      { open: true },
      el("summary", {}, this.number, this.asked, el("span.grow"), this.status, this.time),
      this.list,
      this.totals,
    );
  }

  take(kind, data) {
    const at = Date.parse(data.at);
    this.endedAt = Math.max(this.endedAt, at);
    if (kind === "turn_started") this.started = true;
    else if (kind === "turn_ended") this.end(data);
    else if (kind === "message") this.said(data);
    else if (kind === "tool_result") this.finishCall(data, at);
    else if (ROWS[kind]) this.addRow(kind, data, at);
    this.layOut();
  }

  said({ role, text }) {
    if (role === "customer") this.asked.textContent = text;
  }

  addRow(kind, data, at) {
    const row = ROWS[kind](data);
    row.endedAt = at;
    row.ms = data.ms;
    row.fill = el("i");
    row.node.append(el("div.track", { "aria-hidden": "true" }, row.fill));
    this.rows.push(row);
    this.list.append(row.node);
    if (kind === "tool_call") this.calls.set(data.call_id, row);
  }

  finishCall(data, at) {
    const row = this.calls.get(data.call_id);
    if (!row) return;
    row.finish(data);
    row.endedAt = at;
    row.ms = data.ms;
  }

  end({ status, ms, model_calls: calls, prompt_tokens: prompt, completion_tokens: completion }) {
    this.ended = true;
    say(this.status, `status_${status}`);
    this.status.classList.add(status);
    this.time.textContent = duration(ms);
    say(this.totals, "totals", { calls, prompt, completion });
  }

  // Bars are placed between the turn's first and last moment; a step that tells its length ended when it was told.
  layOut() {
    const whole = Math.max(1, this.endedAt - this.startedAt);
    for (const { fill, endedAt, ms } of this.rows) {
      const length = Math.min(ms ?? 0, endedAt - this.startedAt);
      fill.style.left = `min(${((endedAt - length - this.startedAt) / whole) * 100}%, 100% - 2px)`;
      fill.style.width = `${(length / whole) * 100}%`;
    }
  }
}
