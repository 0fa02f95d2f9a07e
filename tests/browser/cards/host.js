// Shows one card as a web host does, with the host's side of the MCP Apps SDK: a sandbox of another origin, and in it
// the card. What the card asks for goes to `asks`, which the test answers.

import { AppBridge, PostMessageTransport } from "host";

const frame = document.getElementById("card");

window.showCard = ({ sandbox, html, csp, given, result, context, can }) =>
  new Promise((resolve) => {
    document.body.className = context.theme ?? "";
    window.asked = [];
    window.bridge?.close();
    const bridge = new AppBridge(null, { name: "Tests", version: "1" }, can, { hostContext: context });
    bridge.onopenlink = async (params) => noted("ui/open-link", params);
    bridge.onmessage = async (params) => noted("ui/message", params);
    bridge.onreadresource = async ({ uri }) => window.asks("resources/read", { uri });
    bridge.oncalltool = async ({ name, arguments: given }) => (noted("tools/call", { name }), window.asks("tools/call", { name, arguments: given }));
    bridge.onsizechange = ({ height }) => (frame.style.height = `${height}px`);
    bridge.onsandboxready = () => bridge.sendSandboxResourceReady({ html, csp, sandbox: "allow-scripts" });
    bridge.oninitialized = async () => {
      await bridge.sendToolInput({ arguments: given });
      await bridge.sendToolResult(result);
      resolve();
    };
    window.bridge = bridge;
    bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
    frame.src = sandbox;
  });

function noted(method, params) {
  window.asked.push([method, params]);
  return window.refuses ? { isError: true } : {};
}
