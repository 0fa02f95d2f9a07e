// The picture of a product.

import { el } from "./dom.js";
import { pictureOf } from "./place.js";

// A product without a picture is shown by its first letter.
export function thumbnail(productId, name) {
  const letter = el("span", { class: "thumb none", "aria-hidden": "true" }, [...name].slice(0, 1).join(""));
  const image = el("img", { class: "thumb", alt: "", loading: "lazy", width: "56", height: "56" });
  image.addEventListener("error", () => image.replaceWith(letter), { once: true });
  pictureOf(productId).then((source) => {
    image.src = source;
    letter.replaceWith(image);
  }, () => {});
  return letter;
}
