// What a program may do, in words a customer knows.

import { el } from "./dom.js";
import { say, t } from "./i18n.js";

export function scopeItem(name) {
  const [server, kind] = name.split(":");
  const key = `scope_${server}_${kind}`;
  const known = t(key, {}, "") !== "";
  return say(el("li", { class: kind }), known ? key : `scope_${kind}`, { server });
}
