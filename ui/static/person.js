// A page for one person, who logs in on it first.

import { call, onLoggedOut } from "./api.js";
import { byId, onClick, show } from "./dom.js";
import { currentLanguage, follow, use } from "./i18n.js";
import { setUpLogin, showLogin } from "./login.js";
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
    await use(currentLanguage());
    setUpLogin((account) => this.welcome(account));
    setUpSwitches(this.refuse);
    onClick("logout", () => call("POST", "/auth/logout").then(() => this.ask()).catch(this.refuse));
    const account = await call("GET", "/auth/me").catch(() => null);
    // A visitor has no order, no picture and no program.
    return account && !account.visitor ? this.welcome(account) : this.ask();
  }

  async welcome(account) {
    onLoggedOut(() => this.ask());
    byId("who").textContent = account.name;
    await follow(account.language).catch(this.refuse);
    await this.enter(account);
  }

  ask() {
    onLoggedOut(() => {});
    this.leave();
    this.only("login");
    return showLogin();
  }
}
