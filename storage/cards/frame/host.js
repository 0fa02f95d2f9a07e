// The program that shows a card, as MCP Apps has it: requests and notifications between this frame and the one around it.

const waiting = new Map();
const listeners = new Map();
let asked = 0;

// What is known of the program and of the person in front of it: theme, locale, time zone.
export const surroundings = {};

function send(message) {
  window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
}

// Rejects with what the program says when it cannot or will not.
export function ask(method, params = {}) {
  const id = (asked += 1);
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    send({ id, method, params });
  });
}

export function tell(method, params = {}) {
  send({ method, params });
}

export function onTold(method, listener) {
  listeners.set(method, listener);
}

window.addEventListener("message", ({ source, data }) => {
  if (source !== window.parent || data?.jsonrpc !== "2.0") return;
  if (data.method === undefined) answered(data);
  else if (data.id === undefined) listeners.get(data.method)?.(data.params ?? {});
  else reply(data);
});

function answered({ id, result, error }) {
  const { resolve, reject } = waiting.get(id) ?? {};
  waiting.delete(id);
  if (error) reject?.(new Error(error.message));
  else resolve?.(result);
}

const ANSWERED = ["ping", "ui/resource-teardown"];

function reply({ id, method }) {
  if (ANSWERED.includes(method)) send({ id, result: {} });
  else send({ id, error: { code: -32601, message: `A card has no ${method}.` } });
}
