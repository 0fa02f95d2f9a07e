// Line drawings for buttons, each beside a label that is read out.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = {
  copy: "M9 9h10v11H9zM5 15V4h10",
  up: "M7 11v9H4v-9zM7 11l4-8c1.7 0 2.5 1 2.2 2.6L12.6 9H19a1.8 1.8 0 0 1 1.8 2.2l-1.5 7A2 2 0 0 1 17.3 20H7",
  down: "M7 13V4H4v9zM7 13l4 8c1.7 0 2.5-1 2.2-2.6L12.6 15H19a1.8 1.8 0 0 0 1.8-2.2l-1.5-7A2 2 0 0 0 17.3 4H7",
  again: "M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  picture: "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v11a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5zM4.5 17l4.7-5 3.6 3.8 2.2-2.2 4.5 4.4M15.5 9.5h.01",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
};

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", width: 17, height: 17, "aria-hidden": "true", class: "drawn" }, svg("path", { d: DRAWN[name] }));
}
