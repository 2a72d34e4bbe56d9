/** What people fear, to order: the bot crashes, Azure or a chat misbehaves. And the way back to the beginning. */
import { get, post, remove } from "../control.js";
import { el } from "../dom.js";
import { attempt, notify } from "../notices.js";

const writes = { method: "PATCH" };
const azureFaults = [
  { title: "Busy", text: "409 once: another operation is in progress", fault: { kind: "busy" } },
  {
    title: "Throttled",
    text: "429 once, try again in 2 seconds",
    fault: { kind: "throttled", retryAfterSeconds: 2 },
  },
  { title: "Ignored", text: "the write is accepted and nothing is stored", fault: { kind: "ignored" } },
  { title: "Slow", text: "the next write takes 5 seconds", fault: { kind: "slow", delayMs: 5_000 } },
  {
    title: "Broken off",
    text: "the write is done and no answer comes",
    fault: { kind: "reset", when: "after" },
  },
];
const chatFaults = [
  {
    title: "Teams away",
    text: "unreachable for 20 seconds",
    order: { platform: "teams", kind: "unreachable", seconds: 20 },
  },
  {
    title: "Slack away",
    text: "unreachable for 20 seconds",
    order: { platform: "slack", kind: "unreachable", seconds: 20 },
  },
  {
    title: "Slack throttles",
    text: "429 for the next 3 calls",
    order: { platform: "slack", kind: "throttled", times: 3 },
  },
  {
    title: "Teams breaks off",
    text: "takes the next update, no answer",
    order: { platform: "teams", kind: "reset-after-receipt", operation: "update" },
  },
];

export function createTroubleView(world) {
  const open = el("ul", { class: "open-faults", "aria-label": "Ordered and not yet met" });
  const element = el(
    "div",
    { class: "trouble" },
    group("Routebot", [action("Crash it", "kill -9, at once; it comes back and finishes", crash, "danger")]),
    group(
      "Azure",
      azureFaults.map(({ title, text, fault }) => action(title, text, () => orderAzure(title, fault))),
    ),
    group(
      "Chats",
      chatFaults.map(({ title, text, order }) => action(title, text, () => orderChat(title, order))),
    ),
    open,
    group("Everything", [
      action("Withdraw all", "no ordered trouble any more", withdraw),
      action(
        "Back to the beginning",
        "conversations, requests and sites as on the first day",
        reset,
        "danger",
      ),
    ]),
  );

  function group(title, actions) {
    return el("section", {}, el("h3", {}, title), el("div", { class: "trouble-actions" }, ...actions));
  }

  function action(title, text, run, style = "") {
    return el(
      "button",
      { type: "button", class: `trouble-action ${style}`, onclick: () => attempt(run) },
      el("strong", {}, title),
      el("span", {}, text),
    );
  }

  async function crash() {
    await post("/api/bot/kill");
  }
  async function orderAzure(title, fault) {
    await post("/api/azure/faults", [{ match: writes, times: 1, fault }]);
    notify(`Ordered: ${title}, for the next write to Azure.`);
    await refresh();
  }
  async function orderChat(title, order) {
    await post("/api/chat-faults", order);
    notify(`Ordered: ${title}.`);
    await refresh();
  }
  async function withdraw() {
    await Promise.all([remove("/api/azure/faults"), remove("/api/chat-faults")]);
    await refresh();
  }
  async function reset() {
    if (!window.confirm("Forget all conversations, change requests and changes to sites?")) return;
    notify("Starting again from the beginning…");
    await post("/api/reset");
  }

  async function refresh() {
    const [azure, chats] = await Promise.all([
      get("/api/azure/faults").catch(() => []),
      get("/api/chat-faults").catch(() => ({ faults: [] })),
    ]);
    open.replaceChildren(
      ...azure.map(({ fault, remaining }) => openFault("Azure", fault.kind, remaining)),
      ...chats.faults.map(({ platform, kind, left }) => openFault(platform, kind, left)),
    );
  }

  world.on("message", () => open.childElementCount > 0 && refresh());
  return {
    element,
    refresh,
    onAzure: ({ kind }) => kind === "faults" && refresh(),
  };
}

function openFault(where, kind, left) {
  return el("li", {}, `${where}: ${kind}${left === null ? "" : ` × ${left}`}`);
}
