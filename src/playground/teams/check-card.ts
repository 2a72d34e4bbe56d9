/**
 * Whether Teams would take an Adaptive Card. Microsoft's parser finds unknown elements and wrong enums, but lets wrong
 * types through; the extra checks here are the ones that Teams is known to make, and stricter where a mistake would only
 * show on somebody's screen.
 */
import { isJsonObject, type JsonObject } from "../world/world-model.ts";
import { adaptiveCards } from "./adaptive-cards-library.ts";

/** Teams renders 1.5; a higher version falls back to `fallbackText`. */
const highestVersion = [1, 5] as const;
/** https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views */
const maxRefreshUsers = 60;

/** What is wrong with the card, empty when nothing is. */
export function checkCard(card: JsonObject): string[] {
  if (card.type !== "AdaptiveCard") return [`type is ${JSON.stringify(card.type)}, not "AdaptiveCard"`];
  return [...checkVersion(card), ...checkParse(card), ...checkNodes(card), ...checkRefresh(card)];
}

function checkVersion({ version }: JsonObject): string[] {
  const match = typeof version === "string" ? /^(\d+)\.(\d+)$/.exec(version) : null;
  if (match === null) return [`version is ${JSON.stringify(version)}`];
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const tooHigh = major > highestVersion[0] || (major === highestVersion[0] && minor > highestVersion[1]);
  return tooHigh ? [`version ${major}.${minor} is higher than ${highestVersion.join(".")}`] : [];
}

function checkParse(card: JsonObject): string[] {
  const context = new adaptiveCards.SerializationContext(adaptiveCards.Versions.v1_5);
  new adaptiveCards.AdaptiveCard().parse(structuredClone(card), context);
  return Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
}

function checkNodes(card: JsonObject): string[] {
  const problems: string[] = [];
  const inputIds = new Set<string>();
  const visit = (node: unknown, path: string): void => {
    if (Array.isArray(node)) {
      for (const [index, child] of node.entries()) visit(child, `${path}[${index}]`);
      return;
    }
    if (!isJsonObject(node)) return;
    problems.push(...checkNode(node, inputIds).map((problem) => `${path}: ${problem}`));
    for (const [name, child] of Object.entries(node)) {
      // A fallback repeats its element for older clients, ids included; data is the bot's own.
      if (name !== "data" && name !== "fallback" && name !== "msteams") visit(child, `${path}.${name}`);
    }
  };
  visit(card, "card");
  return problems;
}

function checkNode(node: JsonObject, inputIds: Set<string>): string[] {
  const { type } = node;
  if (typeof type !== "string") return [];
  if (type === "TextBlock" && typeof node.text !== "string") return ["TextBlock without text"];
  if (type === "FactSet") return checkFacts(node.facts);
  if (type.startsWith("Input.")) {
    if (typeof node.id !== "string" || node.id === "") return [`${type} without id`];
    if (inputIds.has(node.id)) return [`two inputs with the id ${node.id}`];
    inputIds.add(node.id);
    return [];
  }
  if (type === "Action.OpenUrl") {
    const ok = typeof node.url === "string" && /^https?:\/\//.test(node.url);
    return ok ? [] : ["Action.OpenUrl without an http(s) url"];
  }
  if (type === "Action.Execute" && typeof node.verb !== "string") return ["Action.Execute without verb"];
  if (type === "Action.Http") return ["Action.Http is not for bots"];
  return [];
}

function checkFacts(facts: unknown): string[] {
  if (!Array.isArray(facts) || facts.length === 0) return ["FactSet without facts"];
  const bad = facts.some(
    (f) => !isJsonObject(f) || typeof f.title !== "string" || typeof f.value !== "string",
  );
  return bad ? ["a fact without title or value"] : [];
}

function checkRefresh({ refresh }: JsonObject): string[] {
  if (refresh === undefined) return [];
  if (!isJsonObject(refresh) || !isJsonObject(refresh.action)) return ["refresh without action"];
  const problems =
    refresh.action.type === "Action.Execute" ? [] : ["refresh.action is not an Action.Execute"];
  const { userIds } = refresh;
  if (userIds === undefined) return problems;
  if (!Array.isArray(userIds)) return [...problems, "refresh.userIds is not a list"];
  if (userIds.length > maxRefreshUsers) problems.push(`refresh.userIds names more than ${maxRefreshUsers}`);
  // The list takes `from.id`; an object id here is silently useless in Teams.
  if (!userIds.every((id) => typeof id === "string" && id.startsWith("29:"))) {
    problems.push("refresh.userIds holds something other than 29:… ids");
  }
  return problems;
}
