// Renders texts without a browser and prints the elements as nested lists: markdown.mjs <folder of the page's files>
// <JSON: a list of texts>. A link leads to where its words are a policy's title.

const [folder, texts] = process.argv.slice(2);

class Element {
  children = [];
  attributes = {};
  constructor(tag) { this.tag = tag; }
  setAttribute(name, value) { this.attributes[name] = value; }
  append(...children) { this.children.push(...children); }
  get textContent() { return this.children.map((child) => child.textContent ?? child).join(""); }
}

globalThis.document = { createElement: (tag) => new Element(tag) };

function shown(node) {
  if (typeof node === "string") return node;
  const link = node.attributes.href ? [`-> ${node.attributes.href}`] : [];
  return [node.tag, ...link, ...node.children.map(shown)];
}

const { markdown, plain } = await import(`${folder}/markdown.js`);
const linkOf = (words) => (words === "Refunds" ? "/api/policies/refunds" : null);
console.log(JSON.stringify(JSON.parse(texts).map((text) => [markdown(text, linkOf).map(shown), plain(text)])));
