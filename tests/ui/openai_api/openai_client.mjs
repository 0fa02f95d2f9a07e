// A program that uses OpenAI's package from npm. Run as `node openai_client.mjs ORDER STREAMED`, with BASE_URL, KEY and
// PHOTO (a data URL) in the environment: it looks an order up, cancels it with the next message, shows a photo, and prints
// what it was answered.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , order, streamed] = process.argv;
const { BASE_URL, KEY, PHOTO, NODE_PROGRAMS } = process.env;
const installed = createRequire(`${NODE_PROGRAMS}/`);
const { default: OpenAI } = await import(pathToFileURL(installed.resolve("openai")));
const client = new OpenAI({ baseURL: BASE_URL, apiKey: KEY });
const finished = [];
let usage = null;

async function ask(messages) {
  const request = { model: "shopdesk", messages };
  if (streamed !== "true") {
    const answer = await client.chat.completions.create(request);
    finished.push(answer.choices[0].finish_reason);
    usage = answer.usage;
    return answer.choices[0].message.content;
  }
  let text = "";
  const stream = await client.chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    if (chunk.choices[0]?.finish_reason) finished.push(chunk.choices[0].finish_reason);
    usage = chunk.usage ?? usage;
  }
  return text;
}

const talk = [];
for (const content of [`Where is my order ${order}?`, `Please cancel order ${order}`, "yes"]) {
  talk.push({ role: "user", content });
  talk.push({ role: "assistant", content: await ask(talk) });
}
const photo = await ask([
  {
    role: "user",
    content: [
      { type: "text", text: "Which product is this?" },
      { type: "image_url", image_url: { url: PHOTO } },
    ],
  },
]);
const response = await client.responses.create({ model: "shopdesk", input: "hello" });
const models = [];
for await (const model of client.models.list()) models.push(model.id);
const refused = await client.chat.completions
  .create({ model: "shopdesk", messages: talk.slice(0, 1), n: 2 })
  .catch((error) => [error.status, error.param, error.code]);
const answers = talk.filter(({ role }) => role === "assistant").map(({ content }) => content);
console.log(JSON.stringify({ answers, photo, finished, usage, models, hello: response.output_text, refused }));
