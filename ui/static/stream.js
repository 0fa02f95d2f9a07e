// The live steps of one conversation. The browser resumes after the last numbered step by itself.

const KINDS = [
  "message", "turn_started", "guard", "router", "identity", "muted", "given_back", "token", "model", "tool_call",
  "tool_result", "handoff", "question", "answer",
  "ticket", "turn_ended",
];
const AGAIN_MS = 2_000;

export class Stream {
  constructor(conversationId, onStep, onState) {
    this.path = `/api/conversations/${encodeURIComponent(conversationId)}/events`;
    this.onStep = onStep;
    this.onState = onState;
    this.last = 0;
    this.open();
  }

  open() {
    this.source = new EventSource(`${this.path}?after=${this.last}`);
    this.source.onopen = () => this.onState("open");
    this.source.onerror = () => this.interrupted();
    for (const kind of KINDS) this.source.addEventListener(kind, (event) => this.take(kind, event));
  }

  take(kind, event) {
    const data = JSON.parse(event.data);
    if (data.seq !== null) this.last = data.seq;
    this.onStep(kind, data);
  }

  // A refused stream is closed by the browser for good, so it is opened anew; a broken one it opens again itself.
  interrupted() {
    const refused = this.source.readyState === EventSource.CLOSED;
    this.onState(refused ? "refused" : "lost");
    if (refused) {
      this.again = setTimeout(() => this.open(), AGAIN_MS);
    }
  }

  close() {
    clearTimeout(this.again);
    this.source.close();
  }
}
