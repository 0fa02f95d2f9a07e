// What a model marks up in an answer, shown as it means it: a small part of Markdown, made of elements and text alone.

import { el } from "./dom.js";

const FENCE = /^\s*```/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^ {0,3}\|?(?: {0,9}:?-{2,}:? {0,9}\|)+ {0,9}(?::?-{2,}:? {0,9})?$/;
const ITEM = /^\s*(?:[-*+•]|(\d{1,3})[.)])\s+(.*)$/;
const HEADING = /^\s*#{1,6}\s+(.*?)\s*#*\s*$/;
const LINE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
const INLINE = /`([^`\n]+)`|\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*|__([^\s_](?:[^_\n]*[^\s_])?)__(?!\w)|\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![*\w])|!?\[([^[\]\n]+)\]\(([^()\s]*)(?:\s+"[^"\n]*")?\)/;

// `linkOf` tells where a link may lead, by its words and the address it was given: to a policy of ours, or nowhere.
export function markdown(text, linkOf = () => null) {
  const lines = text.replace(/\r/g, "").split("\n");
  const nodes = [];
  while (lines.length) {
    const take = BLOCKS.find(({ begins }) => begins(lines)).take;
    const node = take(lines, linkOf);
    if (node) nodes.push(node);
  }
  return nodes;
}

// The words of a text without its marks, for who hears it.
export function plain(text) {
  return markdown(text).map((node) => node.textContent).join("\n");
}

const BLOCKS = [
  { begins: ([line]) => FENCE.test(line), take: code },
  { begins: ([line, next]) => ROW.test(line) && next !== undefined && RULE.test(next), take: table },
  { begins: ([line]) => LINE.test(line), take: skip },
  { begins: ([line]) => HEADING.test(line), take: heading },
  { begins: ([line]) => ITEM.test(line), take: list },
  { begins: ([line]) => !line.trim(), take: skip },
  { begins: () => true, take: paragraph },
];

function beginsBlock(lines) {
  return BLOCKS.slice(0, -1).some(({ begins }) => begins(lines));
}

function skip(lines) {
  lines.shift();
  return null;
}

function code(lines) {
  lines.shift();
  const said = [];
  while (lines.length && !FENCE.test(lines[0])) said.push(lines.shift());
  lines.shift();
  return el("pre", {}, el("code", {}, said.join("\n")));
}

function table(lines, linkOf) {
  const head = cells(lines.shift());
  lines.shift();
  const rows = [];
  while (lines.length && ROW.test(lines[0])) rows.push(cells(lines.shift()));
  const made = (tag, row) => el("tr", {}, ...row.map((cell) => el(tag, {}, ...inline(cell, linkOf))));
  return el("table", {}, el("thead", {}, made("th", head)), el("tbody", {}, ...rows.map((row) => made("td", row))));
}

function cells(row) {
  return row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

function heading(lines, linkOf) {
  return el("p", {}, el("strong", {}, ...inline(HEADING.exec(lines.shift())[1], linkOf)));
}

function list(lines, linkOf) {
  const first = ITEM.exec(lines[0]);
  const node = first[1] ? el("ol", { start: first[1] === "1" ? null : first[1] }) : el("ul");
  let item = null;
  while (lines.length) {
    const found = ITEM.exec(lines[0]);
    if (!found || Boolean(found[1]) !== Boolean(first[1])) break;
    lines.shift();
    item = el("li", {}, ...inline(found[2], linkOf));
    node.append(item);
  }
  return node;
}

function paragraph(lines, linkOf) {
  const said = [lines.shift()];
  while (lines.length && !beginsBlock(lines)) said.push(lines.shift());
  return el("p", {}, ...inline(said.join("\n"), linkOf));
}

function inline(text, linkOf) {
  const nodes = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const [whole, coded, strong, alsoStrong, emphasis, words, address] = found;
    if (found.index) nodes.push(rest.slice(0, found.index));
    if (coded !== undefined) nodes.push(el("code", {}, coded));
    else if (strong ?? alsoStrong) nodes.push(el("strong", {}, ...inline(strong ?? alsoStrong, linkOf)));
    else if (emphasis !== undefined) nodes.push(el("em", {}, ...inline(emphasis, linkOf)));
    else nodes.push(link(words, linkOf(words, address), linkOf));
    rest = rest.slice(found.index + whole.length);
  }
  if (rest) nodes.push(rest);
  return nodes;
}

// An address that a model wrote leads nowhere: its words stay.
function link(words, href, linkOf) {
  const said = inline(words, linkOf);
  return href ? el("a", { href, target: "_blank", rel: "noopener" }, ...said) : el("span", {}, ...said);
}
