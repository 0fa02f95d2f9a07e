// Builds rows of the debug panel without a browser and prints the reasons they show: rows.mjs <folder of the page's
// files> <language> <JSON: a list of [kind of step, its data]>.

import { readFileSync } from "node:fs";

const [folder, language, steps] = process.argv.slice(2);

class Element {
  dataset = {};
  children = [];
  textContent = "";
  constructor(tag) { this.tag = tag; }
  setAttribute(name, value) { this[name] = value; }
  append(...children) { this.children.push(...children); }
  get style() { return {}; }
}

globalThis.localStorage = { getItem: () => language, setItem: () => undefined };
globalThis.fetch = async () => ({ ok: true, json: async () => JSON.parse(readFileSync(`${folder}/words.json`)) });
globalThis.document = {
  createElement: (tag) => new Element(tag),
  documentElement: { dataset: {} },
  querySelector: () => null,
  querySelectorAll: () => [],
};

function reasons(node) {
  if (typeof node === "string") return [];
  if (node.class === "why") return [node.textContent + node.children.join("")];
  return node.children.flatMap(reasons);
}

const { ROWS } = await import(`${folder}/rows.js`);
console.log(JSON.stringify(JSON.parse(steps).map(([kind, data]) => reasons(ROWS[kind](data).node))));
