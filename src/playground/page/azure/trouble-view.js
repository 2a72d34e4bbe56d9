/** What people fear, to order: the bot crashes, Azure or a chat misbehaves, somebody clicks twice. And the way back to the beginning. */
import { onTwice, toggleTwice } from "../chat/click.js";
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
  {
    title: "Ignored",
    text: "the write is accepted and nothing is stored; told after 15 seconds",
    fault: { kind: "ignored" },
  },
  { title: "Slow", text: "the next write takes 5 seconds", fault: { kind: "slow", delayMs: 5_000 } },
  {
    title: "Broken off",
    text: "the write is done and no answer comes",
    fault: { kind: "reset", when: "after" },
  },
  {
    title: "Forbidden",
    text: "the right to join the subnet is missing",
    fault: { kind: "denied", action: "Microsoft.Network/virtualNetworks/subnets/join/action" },
  },
];
const chatFaults = [
  {
    title: "Teams away",
    text: "unreachable for 10 seconds",
    order: { platform: "teams", kind: "unreachable", seconds: 10 },
  },
  {
    title: "Slack away",
    text: "unreachable for 10 seconds",
    order: { platform: "slack", kind: "unreachable", seconds: 10 },
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
/** Lets a list that is shown count down. */
const lookAgainMs = 1_000;

export function createTroubleView(world) {
  const open = el("ul", { class: "open-faults", "aria-label": "Ordered and not yet met" });
  const crashes = [
    action("Crash it now", "kill -9, at once; it comes back", () => crash("now"), "danger"),
    action(
      "Crash in a change",
      "kill -9 when its next write arrives",
      () => crash("write-arrives"),
      "danger",
    ),
    action(
      "Crash after a write",
      "kill -9 when it is done, before its answer",
      () => crash("write-done"),
      "danger",
    ),
  ];
  const twice = action("Click twice", "the next click on a card is two at once", toggleTwice);
  onTwice((isTwice) => twice.setAttribute("aria-pressed", String(isTwice)));
  const element = el(
    "div",
    { class: "trouble" },
    open,
    group("Routebot", crashes),
    group(
      "Azure, at the next change",
      azureFaults.map(({ title, text, fault }) => action(title, text, () => orderAzure(title, fault))),
    ),
    group(
      "Chats",
      chatFaults.map(({ title, text, order }) => action(title, text, () => orderChat(title, order))),
    ),
    group("People", [twice]),
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

  async function crash(at) {
    await post("/api/bot/kill", { at });
    if (at !== "now") notify("kill -9 waits for Routebot's next write to Azure. Approve something.");
    await refresh();
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
    // A first visit again, with nothing remembered.
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith("routebot."))) {
      localStorage.removeItem(key);
    }
    location.reload();
  }

  let again;
  async function refresh() {
    clearTimeout(again);
    const [azure, chats, bot] = await Promise.all([
      get("/api/azure/faults").catch(() => []),
      get("/api/chat-faults").catch(() => ({ faults: [] })),
      get("/api/bot").catch(() => ({ crashArmed: null })),
    ]);
    const waiting = azure.filter(({ remaining, fault }) => remaining !== 0 && fault.kind !== "hang");
    open.replaceChildren(
      ...(bot.crashArmed === null ? [] : [el("li", {}, "Routebot: kill -9 at its next write")]),
      ...waiting.map(({ fault, remaining }) => openFault("Azure", fault.kind, left(remaining))),
      ...chats.faults.map((fault) => openFault(fault.platform, fault.kind, left(fault.left, fault.until))),
    );
    if (chats.faults.some(({ until }) => until !== null)) again = setTimeout(refresh, lookAgainMs);
  }

  world.on("message", () => open.childElementCount > 0 && refresh());
  world.on("bot", () => open.childElementCount > 0 && refresh());
  return {
    element,
    refresh,
    onAzure({ kind }) {
      if (kind === "faults") refresh();
      return false;
    },
  };
}

function left(times, until = null) {
  if (until !== null) return `, ${Math.max(0, Math.round((Date.parse(until) - Date.now()) / 1000))} s left`;
  return times === null ? "" : ` × ${times}`;
}

function openFault(where, kind, rest) {
  return el("li", {}, `${where}: ${kind}${rest}`);
}
