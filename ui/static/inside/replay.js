// Replay: this turn again with another model or another prompt, beside how it went. Nothing is written.

import { call, told, url } from "../api.js";
import { el } from "../dom.js";
import { say, t } from "../i18n.js";
import { number, time } from "./frame.js";

// As long as a turn may take, and a little.
const LONGEST_MS = 110_000;

export async function replayOf(trace, steps) {
  const [team, slices] = await Promise.all([call("GET", "/api/team"), call("GET", "/api/team/slices")]);
  const endpoint = el("select", { id: "replay-endpoint", "aria-label": t("replay_endpoint") });
  endpoint.append(say(el("option", { value: "" }), "replay_same_models"), ...slices.endpoints.map(({ key, model }) => el("option", { value: key }, `${key} · ${model}`)));
  const specialist = el("select", { id: "replay-specialist", "aria-label": t("replay_specialist") });
  specialist.append(say(el("option", { value: "" }), "replay_same_prompts"), ...team.specialists.map(({ name }) => el("option", { value: name }, name)));
  const prompt = el("textarea", { id: "replay-prompt", rows: "8", maxlength: "20000", "aria-label": t("replay_prompt"), hidden: true });
  specialist.addEventListener("change", () => {
    const chosen = team.specialists.find(({ name }) => name === specialist.value);
    prompt.hidden = !chosen;
    prompt.value = chosen?.prompt ?? "";
  });
  const button = say(el("button.primary", { id: "replay-run" }), "replay_run");
  const state = el("p.muted", { role: "status" });
  const place = el("div.sides");
  button.addEventListener("click", async () => {
    button.disabled = true;
    say(state, "replay_running");
    try {
      const body = { endpoint: endpoint.value, specialist: specialist.value, prompt: prompt.value };
      const found = await call("POST", url`/api/traces/${trace.id}/replay`, body, LONGEST_MS);
      say(state, "replay_done");
      place.replaceChildren(side("replay_then", before(trace, steps), null), side("replay_now", found, before(trace, steps)));
    } catch (error) {
      delete state.dataset.i18n;
      state.textContent = told(error);
    } finally {
      button.disabled = false;
    }
  });
  const form = el("div.replay-form", {}, endpoint, specialist, button);
  return el("section.replay", { id: "replay" }, say("h2", "replay_title"), say("p.muted", "replay_more"), form, prompt, state, place);
}

function before(trace, steps) {
  const said = steps.filter(({ kind, data }) => kind === "message" && data.role === "assistant");
  return { ...trace, answer: said.map(({ data }) => data.text).join("\n\n"), steps };
}

function side(key, found, other) {
  const calls = callsOf(found.steps);
  const theirs = new Set(other ? callsOf(other.steps).map(same) : calls.map(same));
  const who = found.steps.filter(({ kind }) => kind === "router" || kind === "handoff").map(({ data }) => data.choice ?? data.to);
  const models = [...new Set(found.steps.filter(({ kind, data }) => (kind === "router" || kind === "model") && data.model).map(({ data }) => data.model))];
  return el(
    "section.side.panel",
    { "data-side": key },
    say("h3", key),
    el("p.muted", {}, `${who.join(" → ") || "–"} · ${models.join(", ") || "–"}`),
    el("p.muted", {}, t("replay_cost", { time: time(found.ms), calls: found.model_calls, tokens: number(found.prompt_tokens + found.completion_tokens) })),
    el("pre", { dir: "auto", class: other && other.answer !== found.answer ? "differs" : "" }, found.answer || found.trouble || "–"),
    say("h4", "replay_calls"),
    el("ol.calls", {}, ...calls.map((one) => callRow(one, !theirs.has(same(one))))),
  );
}

function callsOf(steps) {
  const results = new Map(steps.filter(({ kind }) => kind === "tool_result").map(({ data }) => [data.call_id, data]));
  return steps.filter(({ kind }) => kind === "tool_call").map(({ data }) => ({ ...data, result: results.get(data.call_id) }));
}

const same = ({ tool, arguments: given }) => `${tool} ${JSON.stringify(Object.entries(given).sort())}`;

function callRow({ tool, arguments: given, result }, differs) {
  const head = el("summary", {}, el("span.code", {}, tool), " ", el("span.code.muted", {}, JSON.stringify(given)));
  const mark = differs ? [say("span.badge.warn", "replay_differs"), " "] : [];
  return el("li", {}, el("details", {}, head, el("pre", {}, result?.text ?? "–")), ...mark);
}
