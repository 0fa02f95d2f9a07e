// The message field: Enter sends, pictures are sent ahead and shown before the message goes.

import { call, told } from "./api.js";
import { byId, el, onClick, show } from "./dom.js";
import { disable, fit, forgetDrafts, keepDraft, keptDraft, onSubmit, sendByEnter } from "./field.js";
import { label, say, t } from "./i18n.js";
import { icon } from "./icons.js";
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
    onSubmit(byId("composer"), () => this.send());
    sendByEnter(this.text, () => this.send());
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("paste", (event) => this.paste(event));
    setUpDrop(byId("chat"), (files) => this.addAll(files));
    byId("attach").append(icon("picture"));
    onClick("attach", () => byId("files").click());
    byId("files").addEventListener("change", (event) => (this.addAll(event.target.files), (event.target.value = "")));
    onClick("stop", () => this.halt());
    byId("suggestions").append(...SUGGESTIONS.map((key) => this.chip(key)));
  }

  // A spreadsheet copies its cells as text and as a picture: the text is what is meant.
  paste({ clipboardData: copied }) {
    if (!copied.getData("text/plain")) this.addAll(copied.files);
  }

  chip(key) {
    return say(el("button.chip", { onclick: () => this.suggest(t(key)) }), key);
  }

  async suggest(text) {
    if (!this.running && !this.sending) await this.attempt(text, []);
  }

  begin(text) {
    this.write(text);
    this.text.focus();
  }

  write(text) {
    this.text.value = text;
    this.changed();
  }

  changed() {
    fit(this.text);
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

  async send() {
    const text = this.text.value.trim();
    const pictures = this.pictures;
    if (this.running || this.sending || this.tooLong || (!text && !pictures.length) || pictures.some((one) => !one.id)) return;
    const draft = this.draft;
    if (await this.attempt(text, pictures.map((one) => one.id))) {
      keepDraft(draft, "");
      this.clear();
    } else if (!this.text.value) this.write(text);
  }

  async attempt(...message) {
    this.sending = true;
    this.tell("");
    try {
      await this.onSend(...message);
      return true;
    } catch (error) {
      this.tell(told(error));
      return false;
    } finally {
      this.sending = false;
    }
  }

  async halt() {
    disable(["stop"], true);
    try {
      await this.onStop();
    } catch (error) {
      this.tell(told(error));
    } finally {
      disable(["stop"], false);
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
    const remove = label(el("button.remove", { onclick: () => this.remove(one) }, "×"), "remove_picture");
    one.node = el("figure.preview.sending", {}, el("img", { src: one.url, alt: "" }), remove);
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
    show("stop", is);
    show("send", !is);
  }

  tell(words) {
    byId("composer-error").textContent = words;
  }
}

// Characters as the server counts them: one beyond the usual planes is two of JavaScript's.
function lengthOf(text) {
  return [...text].length;
}
