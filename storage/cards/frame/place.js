// What a card asks of the place it is shown in: here, of the shop's tools, through the program around it.

import { ask } from "./host.js";

export const told = (error) => error.message;

export async function pictureOf(productId) {
  const { contents } = await ask("resources/read", { uri: `picture://${encodeURIComponent(productId)}` });
  return `data:${contents[0].mimeType};base64,${contents[0].blob}`;
}

export async function productOf(productId) {
  const { structuredContent, isError } = await ask("tools/call", { name: "get_product", arguments: { product_id: productId } });
  if (isError || !structuredContent) throw new Error(productId);
  return structuredContent;
}
