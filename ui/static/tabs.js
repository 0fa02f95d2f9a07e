// One connection for all tabs of a browser: one tab listens for all, and tells the others what it hears.
//
// A browser opens six connections to a shop; were each tab to hold one, the seventh would wait for ever.

const CHANNEL = "shopdesk-steps";
const LISTENING = "shopdesk-listening";
const TAB = "shopdesk-tab-";
const AGAIN_MS = 1_500;

const KINDS = [
  "message", "turn_started", "guard", "router", "identity", "muted", "given_back", "token", "model", "tool_call",
  "tool_result", "handoff", "question", "answer",
  "ticket", "turn_ended", "queue",
];

// This tab's own: what it wants to hear, and where it hears it.
export class Tab {
  constructor(onStep, onState = () => {}) {
    this.id = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.onStep = onStep;
    this.onState = onState;
    this.wanted = null;
    this.listener = null;
    // Without locks, as where a shop is not served safely, each tab listens for itself.
    this.alone = !navigator.locks;
    this.channel = this.alone ? null : new BroadcastChannel(CHANNEL);
    this.channel?.addEventListener("message", ({ data }) => this.hear(data));
    addEventListener("pagehide", () => this.follow(null));
    if (this.alone) this.listener = new Listener((news) => this.hear(news));
    else this.takeTurns();
  }

  // The lock of a tab tells the others that it is still there; that of the listener passes on when its tab is closed.
  takeTurns() {
    const keep = () => new Promise(() => {});
    navigator.locks.request(TAB + this.id, keep);
    navigator.locks.request(LISTENING, () => {
      this.listener = new Listener((news) => (this.channel.postMessage(news), this.hear(news)));
      this.channel.postMessage({ ask: true });
      if (this.wanted) this.listener.want(this.id, this.wanted);
      return keep();
    });
  }

  // Hear the steps of this conversation after a number; of none without one.
  follow(wanted) {
    this.wanted = wanted;
    this.ready = false;
    if (this.listener) this.listener.want(this.id, wanted);
    else this.channel.postMessage({ want: wanted, tab: this.id });
  }

  hear({ ask, want, tab, begun, step, state }) {
    if (ask && this.wanted) this.channel.postMessage({ want: this.wanted, tab: this.id });
    else if (tab) this.listener?.want(tab, want);
    else if (begun) this.ready ||= begun[this.wanted?.conversation] <= this.wanted?.after;
    else if (step && this.ready && step.conversation === this.wanted?.conversation) this.take(step);
    else if (state) this.onState(state);
  }

  take({ kind, data }) {
    // Another tab may have begun anew from an earlier step.
    if (data.seq !== null && data.seq <= this.wanted.after) return;
    if (data.seq !== null) this.wanted = { ...this.wanted, after: data.seq };
    this.onStep(kind, data);
  }
}

// Listens to the shop for every tab, and begins anew from the last steps whenever they want something else.
class Listener {
  constructor(tell) {
    this.tell = tell;
    this.wants = new Map();
    this.heard = new Map();
  }

  want(tab, wanted) {
    if (wanted) this.wants.set(tab, wanted);
    else this.wants.delete(tab);
    const { conversation, after } = wanted ?? {};
    if (conversation) this.heard.set(conversation, Math.min(after, this.heard.get(conversation) ?? after));
    if (wanted || this.wants.size === 0) this.open();
  }

  async open() {
    clearTimeout(this.again);
    const opening = (this.opening = Symbol());
    await this.forgetClosedTabs();
    // Whoever wants something in the meantime begins anew once more.
    if (opening !== this.opening) return;
    this.source?.close();
    const conversations = new Set([...this.wants.values()].map(({ conversation }) => conversation));
    for (const known of this.heard.keys()) if (!conversations.has(known)) this.heard.delete(known);
    if (!conversations.size) return;
    const follow = [...conversations].map((one) => ["follow", `${one}.${this.heard.get(one) ?? 0}`]);
    // Until then, a tab that has just come would take a new step for all there is before it.
    this.tell({ begun: Object.fromEntries(this.heard) });
    this.source = new EventSource(`/api/events?${new URLSearchParams(follow)}`);
    this.source.onopen = () => this.tell({ state: "open" });
    this.source.onerror = () => this.interrupted();
    for (const kind of KINDS) this.source.addEventListener(kind, (event) => this.take(kind, event));
  }

  async forgetClosedTabs() {
    if (!navigator.locks) return;
    const { held } = await navigator.locks.query();
    const there = new Set(held.map(({ name }) => name));
    for (const tab of this.wants.keys()) if (!there.has(TAB + tab)) this.wants.delete(tab);
  }

  take(kind, event) {
    const { conversation_id: conversation, ...data } = JSON.parse(event.data);
    if (data.seq !== null) this.heard.set(conversation, data.seq);
    this.tell({ step: { conversation, kind, data } });
  }

  // The browser would ask for what was wanted when the stream was opened, so it is opened anew from here.
  interrupted() {
    const refused = this.source.readyState === EventSource.CLOSED;
    this.source.close();
    this.tell({ state: refused ? "refused" : "lost" });
    clearTimeout(this.again);
    this.again = setTimeout(() => this.open(), AGAIN_MS);
  }
}
