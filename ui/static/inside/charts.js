// Small charts as SVG, by attributes only, so that no style is inline.

import { svg } from "../icons.js";

const WIDTH = 600;
const HEIGHT = 120;
const FOOT = 20;

export function bars(points, label) {
  const most = Math.max(1, ...points.map(({ total }) => total));
  const step = WIDTH / Math.max(points.length, 12);
  const tall = (value) => (value / most) * (HEIGHT - FOOT - 6);
  const shown = points.flatMap((point, at) => {
    const x = at * step + 1;
    const place = { x, width: Math.max(1, step - 2), rx: 2 };
    const base = HEIGHT - FOOT;
    const whole = svg("rect", { ...place, y: base - tall(point.total), height: tall(point.total), class: "bar-all" }, svg("title", {}, label(point)));
    const part = svg("rect", { ...place, y: base - tall(point.part), height: tall(point.part), class: "bar-bad" });
    return [whole, ...(point.part ? [part] : [])];
  });
  const axis = svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT, class: "axis" });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, axis, ...shown, ...ends(points));
}

function ends(points) {
  if (!points.length) return [];
  const words = [svg("text", { x: 0, y: HEIGHT - 4 }, points[0].name)];
  if (points.length > 6) words.push(svg("text", { x: WIDTH, y: HEIGHT - 4, "text-anchor": "end" }, points.at(-1).name));
  return words;
}

// A line through values between 0 and `most`; a gap where a value is unknown.
export function line(values, most) {
  const wide = 240;
  const high = 44;
  const step = wide / Math.max(1, values.length - 1);
  let path = "";
  let drawing = false;
  values.forEach((value, at) => {
    const known = value != null;
    if (known) path += `${drawing ? "L" : "M"}${(at * step).toFixed(1)} ${(high - 2 - (Math.min(value, most) / most) * (high - 4)).toFixed(1)}`;
    drawing = known;
  });
  const axis = svg("line", { x1: 0, x2: wide, y1: high - 1, y2: high - 1, class: "axis" });
  return svg("svg", { viewBox: `0 0 ${wide} ${high}`, "aria-hidden": "true" }, axis, svg("path", { d: path || "M0 0", class: "lines" }));
}
