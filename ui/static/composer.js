// The message field: Enter sends, pictures are sent ahead and shown before the message goes.

import { call, told } from "./api.js";
import { byId, el, show } from "./dom.js";
import { label, t } from "./i18n.js";

const MAX_PICTURES = 4;
const SUGGESTIONS = ["suggest_order", "suggest_cancel", "suggest_return", "suggest_product"];

export class Composer {
  constructor({ onSend, onStop }) {
    this.onSend = onSend;
    this.onStop = onStop;
    this.pictures = [];
    this.text = byId("text");
    byId("composer").addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("input", () => this.grow());
    this.text.addEventListener("paste", (event) => this.addAll(event.clipboardData.files));
    byId("attach").addEventListener("click", () => byId("files").click());
    byId("files").addEventListener("change", (event) => (this.addAll(event.target.files), (event.target.value = "")));
    byId("stop").addEventListener("click", () => this.halt());
    byId("suggestions").append(...SUGGESTIONS.map((key) => this.chip(key)));
  }

  chip(key) {
    return el("button", { type: "button", class: "chip", "data-i18n": key, onclick: () => this.suggest(t(key)) }, t(key));
  }

  suggest(text) {
    if (this.running) return;
    this.text.value = text;
    this.send();
  }

  // Writes the beginning of a message for the person to go on with.
  begin(text) {
    this.text.value = text;
    this.grow();
    this.text.focus();
  }

  // While a Korean syllable is being composed, Enter ends the syllable and not the message.
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.send();
  }

  async send() {
    const text = this.text.value.trim();
    const pictures = this.pictures;
    if (this.running || this.sending || (!text && !pictures.length) || pictures.some((one) => !one.id)) return;
    this.sending = true;
    this.tell("");
    try {
      await this.onSend(text, pictures.map((one) => one.id));
      this.clear();
    } catch (error) {
      this.tell(told(error));
    } finally {
      this.sending = false;
    }
  }

  async halt() {
    byId("stop").disabled = true;
    try {
      await this.onStop();
    } catch (error) {
      this.tell(told(error));
    } finally {
      byId("stop").disabled = false;
    }
  }

  async addAll(files) {
    for (const file of files) {
      if (this.pictures.length >= MAX_PICTURES) this.tell(t("error_too_many_pictures"));
      else await this.add(file);
    }
  }

  async add(file) {
    const one = { id: null, url: URL.createObjectURL(file) };
    const remove = label(el("button", { type: "button", class: "remove", onclick: () => this.remove(one) }, "×"), "remove_picture");
    one.node = el("figure", { class: "preview sending" }, el("img", { src: one.url, alt: "" }), remove);
    this.pictures.push(one);
    byId("previews").append(one.node);
    this.tell("");
    try {
      one.id = (await call("POST", "/api/images", file)).image_id;
      one.node.classList.remove("sending");
    } catch (error) {
      this.remove(one);
      this.tell(told(error));
    }
  }

  remove(one) {
    this.pictures = this.pictures.filter((other) => other !== one);
    URL.revokeObjectURL(one.url);
    one.node.remove();
    this.text.focus();
  }

  clear() {
    for (const one of [...this.pictures]) this.remove(one);
    this.text.value = "";
    this.tell("");
    this.grow();
  }

  run(is) {
    this.running = is;
    show(byId("stop"), is);
    show(byId("send"), !is);
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }

  tell(words) {
    byId("composer-error").textContent = words;
  }
}
