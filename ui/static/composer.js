// The message field: Enter sends, pictures are sent ahead and shown before the message goes.

import { call, told } from "./api.js";
import { byId, el, show } from "./dom.js";
import { forgetDrafts, keepDraft, keptDraft } from "./drafts.js";
import { label, say, t } from "./i18n.js";
import { setUpDrop, shrunk } from "./photos.js";

const MAX_PICTURES = 4;
const MAX_TEXT = 4_000;
const NEARLY = 3_600;
const SUGGESTIONS = ["suggest_order", "suggest_cancel", "suggest_return", "suggest_product"];

export class Composer {
  constructor({ onSend, onStop }) {
    this.onSend = onSend;
    this.onStop = onStop;
    this.pictures = [];
    this.text = byId("text");
    byId("composer").addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("paste", (event) => this.paste(event));
    setUpDrop(byId("chat"), (files) => this.addAll(files));
    byId("attach").addEventListener("click", () => byId("files").click());
    byId("files").addEventListener("change", (event) => (this.addAll(event.target.files), (event.target.value = "")));
    byId("stop").addEventListener("click", () => this.halt());
    byId("suggestions").append(...SUGGESTIONS.map((key) => this.chip(key)));
  }

  // A spreadsheet copies its cells as text and as a picture: the text is what is meant.
  paste({ clipboardData: copied }) {
    if (!copied.getData("text/plain")) this.addAll(copied.files);
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
    this.write(text);
    this.text.focus();
  }

  write(text) {
    this.text.value = text;
    this.changed();
  }

  changed() {
    this.grow();
    this.count();
    keepDraft(this.draft, this.text.value);
  }

  // What was written in a conversation and not sent is there again, also after a reload.
  turnTo(conversationId) {
    this.draft = conversationId;
    this.write(keptDraft(conversationId));
  }

  // Nothing is cut: the person sees what is too much, and says it shorter.
  count() {
    const over = lengthOf(this.text.value.trim()) - MAX_TEXT;
    this.tooLong = over > 0;
    const note = byId("too-long");
    show(note, over > NEARLY - MAX_TEXT);
    note.classList.toggle("error", this.tooLong);
    if (this.tooLong) say(note, "too_long", { most: MAX_TEXT, over });
    else say(note, "room_left", { left: -over });
    byId("send").disabled = this.tooLong;
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
    if (this.running || this.sending || this.tooLong || (!text && !pictures.length) || pictures.some((one) => !one.id)) return;
    this.sending = true;
    this.tell("");
    try {
      const draft = this.draft;
      await this.onSend(text, pictures.map((one) => one.id));
      keepDraft(draft, "");
      this.clear();
    } catch (error) {
      if (!this.text.value) this.write(text);
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
      one.id = (await call("POST", "/api/images", await shrunk(file))).image_id;
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
    this.write("");
    this.tell("");
  }

  // Whoever logs in next reads nothing that was written here.
  quit() {
    this.clear();
    forgetDrafts();
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

// Characters as the server counts them: one beyond the usual planes is two of JavaScript's.
function lengthOf(text) {
  return [...text].length;
}
