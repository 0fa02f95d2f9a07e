// The picture: slices speak for router and specialists, these call tool servers. Whoever works is lit.

import { byId } from "../dom.js";
import { t } from "../i18n.js";
import { svg } from "../icons.js";

const WIDE = 980;
const COLUMNS = { slice: 16, router: 262, specialist: 478, server: 774 };
const SIZE = { wide: 190, high: 46 };
const GAP = 12;
const TOP = 16;
// A light stays for a moment, so that a quick call is seen.
const AFTERGLOW_MS = 700;

export class Picture {
  constructor(place, team, slices, onChoose) {
    this.nodes = new Map();
    this.edges = new Map();
    this.turns = new Map();
    this.timers = new Set();
    this.onChoose = onChoose;
    this.team = team;
    const servers = (team.servers ?? []).map(({ name }) => name);
    const most = Math.max(team.specialists.length, servers.length, slices.endpoints.length);
    this.high = TOP * 2 + most * (SIZE.high + GAP) - GAP;
    const roles = new Map(team.roles.map(({ role, endpoint }) => [role, endpoint]));
    this.speaksFor = new Map([["router", roles.get(team.router.role)], ...team.specialists.map(({ name, role }) => [name, roles.get(role)])]);
    this.column("slice", slices.endpoints.map(({ key, model, reachable }) => ({ id: key, sub: model, away: !reachable })));
    this.column("router", [{ id: "router", title: t("team_router"), sub: team.router.role }]);
    this.column("specialist", team.specialists.map(({ name, role }) => ({ id: name, sub: role })));
    this.column("server", servers.map((name) => ({ id: name, sub: t("team_server") })));
    this.join(team, servers);
    const drawing = svg("svg", { viewBox: `0 0 ${WIDE} ${this.high}`, role: "group", "aria-label": t("team_title") });
    drawing.append(...this.edges.values(), ...[...this.nodes.values()].map(({ node }) => node));
    place.replaceChildren(drawing);
  }

  column(kind, members) {
    const step = SIZE.high + GAP;
    const above = (this.high - members.length * step + GAP) / 2;
    members.forEach(({ id, title = id, sub, away }, at) => {
      const [x, y] = [COLUMNS[kind], above + at * step];
      const node = svg(
        "g",
        { class: `node ${kind} ${away ? "away" : ""}`, tabindex: "0", role: "button", "data-kind": kind, "data-id": id, "aria-label": `${title}, ${sub}` },
        svg("rect", { x, y, width: SIZE.wide, height: SIZE.high, rx: 10 }),
        svg("text", { x: x + 12, y: y + 20 }, cut(title, 24)),
        svg("text", { x: x + 12, y: y + 36, class: "sub" }, cut(sub, 30)),
      );
      const choose = () => this.choose(kind, id);
      node.addEventListener("click", choose);
      node.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), choose()));
      this.nodes.set(`${kind} ${id}`, { node, x, y: y + SIZE.high / 2 });
    });
  }

  join(team, servers) {
    for (const [name, endpoint] of this.speaksFor) this.edge(`slice ${endpoint}`, name === "router" ? "router router" : `specialist ${name}`, "speaks");
    for (const { name, servers: theirs } of team.specialists) {
      this.edge("router router", `specialist ${name}`);
      for (const server of theirs.filter((one) => servers.includes(one))) this.edge(`specialist ${name}`, `server ${server}`);
    }
  }

  edge(from, to, kind = "") {
    const [a, b] = [this.nodes.get(from), this.nodes.get(to)];
    if (!a || !b) return;
    const [x, bend] = [a.x + SIZE.wide, (b.x - a.x - SIZE.wide) / 2];
    const d = `M${x} ${a.y}C${x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}`;
    this.edges.set(`${from} > ${to}`, svg("path", { class: `edge ${kind}`, d }));
  }

  choose(kind, id) {
    for (const [key, { node }] of this.nodes) node.classList.toggle("chosen", key === `${kind} ${id}`);
    this.onChoose({ kind, id });
    byId("member").scrollIntoView({ block: "nearest" });
  }

  // One turn lights one member at a time, their slice, and the tool server they call.
  take({ chat, kind, choice, agent, server, to }) {
    const turn = this.turns.get(chat) ?? { who: "router router", server: "" };
    if (kind === "turn_ended") return this.later(() => (this.turns.delete(chat), this.light()));
    if (kind === "router") turn.who = `specialist ${choice}`;
    else if (kind === "handoff") turn.who = `specialist ${to}`;
    else if (agent && this.nodes.has(`specialist ${agent}`)) turn.who = `specialist ${agent}`;
    if (kind === "tool_call") turn.server = server;
    if (kind === "tool_result") this.later(() => ((turn.server = ""), this.light()));
    this.turns.set(chat, turn);
    this.light();
  }

  light() {
    const lit = new Set();
    for (const { who, server } of this.turns.values()) {
      const slice = `slice ${this.speaksFor.get(who.split(" ")[1])}`;
      for (const one of [who, slice, `${slice} > ${who}`]) lit.add(one);
      if (who !== "router router") lit.add(`router router > ${who}`);
      if (server) [`server ${server}`, `${who} > server ${server}`].forEach((one) => lit.add(one));
    }
    for (const [key, { node }] of this.nodes) node.classList.toggle("active", lit.has(key));
    for (const [key, node] of this.edges) node.classList.toggle("active", lit.has(key));
  }

  later(action) {
    const timer = setTimeout(() => (this.timers.delete(timer), action()), AFTERGLOW_MS);
    this.timers.add(timer);
  }

  calm() {
    this.turns.clear();
    this.light();
  }

  forget() {
    for (const timer of this.timers) clearTimeout(timer);
  }
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
