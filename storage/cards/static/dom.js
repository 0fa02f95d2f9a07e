// Building elements. All text goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

export const onClick = (id, action) => byId(id).addEventListener("click", action);

// A name and its classes stand together as in a style sheet: "span.badge.warn". A button sends a form only where it says so.
export function el(named, attributes = {}, ...children) {
  const [tag, ...classes] = named.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  if (tag === "button") node.type = "button";
  // It scrolls, by the keyboard too.
  if (tag === "pre") node.tabIndex = 0;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// Shows or hides an element, or the one with this id.
export function show(one, visible) {
  (typeof one === "string" ? byId(one) : one).hidden = !visible;
}
