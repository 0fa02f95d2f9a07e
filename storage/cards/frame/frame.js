// A card in a program of somebody else's: drawn from a tool's result, in the person's language and colours.

import { byId, el } from "./dom.js";
import { ask, onTold, surroundings, tell } from "./host.js";
import { say, sayAgain, speak, t } from "./words.js";

const WORDS = JSON.parse(byId("words").textContent);
const PROTOCOL = "2026-01-26";
const FONT = "--font-sans";
const called = { given: {}, result: null };

// `draw` makes the card of a tool's result; `given` is what the tool was called with. A tool that fails is shown by its own words.
export async function showCard(draw) {
  const redraw = () => drawn(draw);
  onTold("ui/notifications/tool-input", ({ arguments: given }) => Object.assign(called.given, given));
  onTold("ui/notifications/tool-result", (result) => ((called.result = result), redraw()));
  onTold("ui/notifications/host-context-changed", (changed) => (follow(changed), redraw()));
  follow({});
  const appInfo = { name: document.title, version: "1" };
  const { hostContext } = await ask("ui/initialize", { appInfo, appCapabilities: {}, protocolVersion: PROTOCOL });
  follow(hostContext ?? {});
  redraw();
  tell("ui/notifications/initialized");
  new ResizeObserver(measure).observe(document.documentElement);
}

function follow(changed) {
  const { theme, locale, styles } = Object.assign(surroundings, changed);
  const font = styles?.variables?.[FONT];
  if (theme) document.documentElement.dataset.theme = theme;
  if (font) document.documentElement.style.setProperty(FONT, font);
  speak(WORDS[(locale ?? navigator.language).split("-")[0].toLowerCase()] ?? Object.values(WORDS)[0]);
  sayAgain();
}

function drawn(draw) {
  byId("card").replaceChildren(shown(draw), byId("note") ?? el("p", { id: "note", class: "muted", role: "status" }));
}

function shown(draw) {
  const { result } = called;
  if (!result) return say(el("p", { class: "muted" }), "waiting");
  if (result.isError || !result.structuredContent) return el("p", { class: "error", dir: "auto" }, textOf(result));
  return draw(unmarked(result.structuredContent), { tell: sends, open: opens, given: called.given, text: "" });
}

const textOf = ({ content = [] }) => unmarked(content.map(({ text = "" }) => text).join("\n"));

// The marks around text of others are for models.
function unmarked(value) {
  if (typeof value === "string") return value.replace(/[⟦⟧]/g, "");
  if (Array.isArray(value)) return value.map(unmarked);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [unmarked(name), unmarked(one)]));
}

async function sends(text) {
  await attempted(() => ask("ui/message", { role: "user", content: [{ type: "text", text }] }), t("not_sent", { text }));
}

async function opens(url) {
  await attempted(() => ask("ui/open-link", { url }), `${t("not_opened")} ${url}`);
}

async function attempted(make, otherwise) {
  byId("note").textContent = "";
  const failed = await make().then(({ isError }) => isError, () => true);
  if (failed) byId("note").textContent = otherwise;
}

function measure() {
  const { width, height } = document.documentElement.getBoundingClientRect();
  tell("ui/notifications/size-changed", { width: Math.ceil(width), height: Math.ceil(height) });
}
