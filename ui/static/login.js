// The login card: demo accounts as buttons, and email with password.

import { call } from "./api.js";
import { byId, el, show } from "./dom.js";
import { languages } from "./i18n.js";
import { refusals } from "./refusal.js";

const DEMO_PASSWORD = "demo-pass";

let entered = () => {};
const refuse = refusals("login-error");

export function setUpLogin(onEntered) {
  entered = onEntered;
  byId("login-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    logIn(form.get("email"), form.get("password"));
  });
  // The page that lets programs in has no such button.
  byId("visit")?.addEventListener("click", () => enter("/auth/visit"));
}

export async function showLogin() {
  refuse(null);
  byId("login-form").reset();
  show("login", true);
  // The staff's desk offers no customers to log in as.
  if (!byId("demo")) return;
  const accounts = await call("GET", "/auth/demo").catch((error) => (refuse(error), []));
  if (byId("visit")) {
    const { welcome } = await call("GET", "/auth/visit").catch(() => ({ welcome: false }));
    show("visit", welcome);
  }
  byId("demo-accounts").replaceChildren(...accounts.map(demoButton));
  show("demo", accounts.length > 0);
}

function demoButton(account) {
  return el(
    "button.account",
    { onclick: () => logIn(account.email, DEMO_PASSWORD), "data-email": account.email },
    el("strong", {}, account.name),
    el("span.muted", {}, languages()[account.language] ?? account.language),
    el("span.muted.mail", {}, account.email),
  );
}

const logIn = (email, password) => enter("/auth/login", { email, password });

async function enter(path, body) {
  refuse(null);
  busy(true);
  try {
    const account = await call("POST", path, body);
    show("login", false);
    await entered(account);
  } catch (error) {
    refuse(error);
  } finally {
    busy(false);
  }
}

function busy(is) {
  for (const button of byId("login").querySelectorAll("button")) button.disabled = is;
}
