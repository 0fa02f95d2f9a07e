// Requests to the page's own API. A refusal is thrown with the code by which it is translated, and stays told.

import { byId } from "./dom.js";
import { currentLanguage, onLanguage, t } from "./i18n.js";

export class ApiError extends Error {
  constructor(status, code, message, waitSeconds = 0, link = "") {
    super(message);
    this.link = link;
    this.waitSeconds = waitSeconds;
    this.status = status;
    this.code = code;
    this.again = new Date(Date.now() + waitSeconds * 1_000);
  }
}

export const url = (parts, ...values) => String.raw({ raw: parts }, ...values.map(encodeURIComponent));

let loggedOut = () => {};

export function onLoggedOut(action) {
  loggedOut = action;
}

const LONGEST_MS = 30_000;

// Waits as long as an answer usually takes at most, or longer where it is known to take longer.
export async function call(method, path, body, longestMs = LONGEST_MS) {
  const json = body === undefined || body instanceof Blob ? undefined : JSON.stringify(body);
  const headers = json === undefined ? {} : { "Content-Type": "application/json" };
  const response = await reach(path, { method, headers, body: json ?? body, signal: AbortSignal.timeout(longestMs) });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (answer.code === "not_logged_in") loggedOut();
  throw new ApiError(response.status, answer.code ?? "", answer.error ?? response.statusText, answer.wait_s, answer.confirm_url);
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new ApiError(0, "unreachable", t("error_unreachable"));
  }
}

// What to tell the person: in their language where the page knows the refusal, else in the server's own words.
export function told(error) {
  const seconds = error.waitSeconds ?? 0;
  const at = error.again?.toLocaleTimeString(currentLanguage(), { timeStyle: "medium" });
  return t(`error_${error.code}`, { at, seconds, minutes: Math.ceil(seconds / 60) }, error.message);
}

export function refusals(id) {
  let refusal = null;
  const tell = () => (byId(id).textContent = refusal ? told(refusal) : "");
  onLanguage(tell);
  return (error) => ((refusal = error), tell());
}
