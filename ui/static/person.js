// A page for one person, who logs in on it first.

import { call, onLoggedOut, refusals } from "./api.js";
import { byId, el, onClick, show } from "./dom.js";
import { onSubmit } from "./field.js";
import { follow, languages } from "./i18n.js";
import { setUpSwitches } from "./switches.js";

// `parts` of the page are shown one at a time, the login among them; `enter` shows what the page is for.
export class PersonPage {
  constructor(parts, { enter, refuse, leave = () => {} }) {
    Object.assign(this, { parts: ["login", ...parts], enter, refuse, leave });
  }

  only(id) {
    for (const each of this.parts) show(each, each === id);
    show("logout", id !== "login");
    if (id === "login") byId("who").textContent = "";
  }

  async start() {
    setUpLogin((account) => this.welcome(account));
    setUpSwitches(this.refuse);
    onClick("logout", () => call("POST", "/auth/logout").then(() => this.ask()).catch(this.refuse));
    const account = await call("GET", "/auth/me").catch(() => null);
    // A visitor has no order, no picture and no program.
    return account && !account.visitor ? this.welcome(account) : this.ask();
  }

  async welcome(account) {
    onLoggedOut(() => this.ask());
    byId("who").textContent = account.name || account.email;
    await follow(account).catch(this.refuse);
    await this.enter(account);
  }

  ask() {
    onLoggedOut(() => {});
    this.leave();
    this.only("login");
    return showLogin();
  }
}

const DEMO_PASSWORD = "demo-pass";

let entered = () => {};
const refuse = refusals("login-error");

export function setUpLogin(onEntered) {
  entered = onEntered;
  onSubmit(byId("login-form"), () => {
    const form = new FormData(byId("login-form"));
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
    el("strong.one-line", {}, account.name),
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
