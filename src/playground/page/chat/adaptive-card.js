/** An Adaptive Card, drawn by Microsoft's own renderer in the way that Teams configures it. */
import { el } from "../dom.js";
import { markdownToHtml } from "./markdown.js";
import { teamsHostConfig } from "./teams-host-config.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
let prepared = false;

function library() {
  const { AdaptiveCards } = globalThis;
  if (!prepared) {
    prepared = true;
    AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
      result.outputHtml = markdownToHtml(text);
      result.didProcess = true;
    };
  }
  return AdaptiveCards;
}

/** `click(key, inputs)` gets the action's key as the control API names it: its path in the message's cards. */
export function drawAdaptiveCard(json, { index, click }) {
  const { AdaptiveCard, HostConfig } = library();
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(teamsHostConfig(dark.matches));
  const keys = new Map();
  card.parse(withKeys(json, String(index), keys));
  const isWide = json.msteams?.width?.toLowerCase() === "full";
  const holder = el("div", { class: isWide ? "adaptive-card wide" : "adaptive-card" });
  card.onExecuteAction = async (action) => {
    const key = keys.get(action.id);
    if (action.getJsonTypeName() === "Action.OpenUrl") {
      window.open(action.url, "_blank", "noreferrer");
      return;
    }
    if (key === undefined) return;
    holder.classList.add("busy");
    await click(key, inputsFor(action, card));
    holder.classList.remove("busy");
  };
  // A form that opens is seen, also where it opens below the edge.
  card.onInlineCardExpanded = (action, isExpanded) => {
    if (isExpanded) action.card.renderedElement?.scrollIntoView({ block: "nearest" });
  };
  const rendered = card.render();
  if (rendered) holder.append(rendered);
  return holder;
}

/** The inputs that belong to the action: the renderer has merged them into its data. */
function inputsFor(action, card) {
  const merged = action.data ?? {};
  const ids = card.getAllInputs().map(({ id }) => id);
  return Object.fromEntries(ids.filter((id) => id in merged).map((id) => [id, merged[id]]));
}

/** A copy in which every action has an id of our own, by which it is found again when it is clicked. */
function withKeys(node, path, keys) {
  if (Array.isArray(node)) return node.map((child, index) => withKeys(child, `${path}.${index}`, keys));
  if (typeof node !== "object" || node === null) return node;
  const copy = {};
  for (const [name, child] of Object.entries(node)) {
    const untouched = name === "fallback" || name === "refresh" || name === "data";
    copy[name] = untouched ? child : withKeys(child, `${path}.${name}`, keys);
  }
  // Automatic refreshes are the platform's business; the renderer must not offer them.
  delete copy.refresh;
  if (typeof node.type === "string" && node.type.startsWith("Action.")) {
    copy.id = `key-${keys.size}`;
    keys.set(copy.id, path);
  }
  return copy;
}
