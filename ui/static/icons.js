// Small line drawings for buttons, each beside a label that is read out.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = {
  copy: "M9 9h10v11H9zM5 15V4h10",
  up: "M7 11v9H4v-9zM7 11l4-8c1.7 0 2.5 1 2.2 2.6L12.6 9H19a1.8 1.8 0 0 1 1.8 2.2l-1.5 7A2 2 0 0 1 17.3 20H7",
  down: "M7 13V4H4v9zM7 13l4 8c1.7 0 2.5-1 2.2-2.6L12.6 15H19a1.8 1.8 0 0 0 1.8-2.2l-1.5-7A2 2 0 0 0 17.3 4H7",
  again: "M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
};

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: 17, height: 17, "aria-hidden": "true", class: "drawn" })) drawing.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWN[name]);
  drawing.append(path);
  return drawing;
}
