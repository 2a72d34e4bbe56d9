import type { ParsedCommand, TargetReference } from "../domain/command.ts";
import type { ActVerb } from "./lexicon.ts";
import { looksLikeGroup } from "./read-scope.ts";
import type { Sentence } from "./split-sentences.ts";
import { targetText } from "./suggest.ts";
import { isWord, type Token } from "./token.ts";

/**
 * What is asked back is asked in kind: who spoke of a change request or of a freeze is shown how to say that, and not
 * how to route traffic.
 */
export function suggestInKind(parsed: ParsedCommand, sentences: readonly Sentence[]): ParsedCommand {
  const { command } = parsed;
  const plain = command.kind === "clarify" && command.partial?.set === undefined;
  if (!plain || ["missing-change", "hostile", "too-long"].includes(command.code)) return parsed;
  const suggestions = inKind(
    sentences.flatMap(({ tokens }) => tokens),
    command.partial?.targets?.[0],
  );
  return suggestions === undefined ? parsed : { ...parsed, command: { ...command, suggestions } };
}

function inKind(tokens: readonly Token[], site: TargetReference | undefined): string[] | undefined {
  const group = tokens.find(looksLikeGroup)?.text;
  const where = site === undefined ? `all apps in ${group ?? "rg-shop"}` : targetText(site);
  const acts = tokens.flatMap((token) => (token.entry?.act === undefined ? [] : [token.entry.act]));
  const ids = tokens.flatMap(({ kind, text }) => (kind === "change" ? [text] : []));
  // "approve CR-1 and CR-2", "cancel CR-1 and undo CR-2": one at a time.
  if (ids.length > 1 && acts.length > 0 && new Set(ids).size === ids.length) {
    const orders = acts.filter(({ form }) => form === "base");
    const each = (at: number) => (orders.length === ids.length ? orders[at] : (orders[0] ?? acts[0]))?.act;
    return ids.slice(0, 3).flatMap((one, at) => {
      const verb = each(at);
      return verb === undefined ? [] : ofAct(verb, { id: one, site, where }).slice(0, 1);
    });
  }
  const act = (acts.find(({ form }) => form === "base") ?? acts[0])?.act;
  const id = tokens.find(({ kind }) => kind === "change")?.text;
  if (act !== undefined) return ofAct(act, { id, site, where });
  if (id !== undefined) return [`history of ${id}`, `cancel ${id}`, `undo ${id}`];
  const stops = tokens.some((token) =>
    isWord(token, "stop", "halt", "block", "pause", "suspend", "hold", "no", "hold off"),
  );
  const changes = tokens.some((token) => isWord(token, "changes", "change", "all changes", "deployments"));
  return stops && changes ? ofAct("freeze", { id, site, where }) : undefined;
}

type Named = { id: string | undefined; site: TargetReference | undefined; where: string };

function ofAct(act: ActVerb, { id, site, where }: Named): string[] {
  const one = id ?? "CR-12";
  switch (act) {
    case "approve":
      return [`approve ${one}`, `reject ${one}`];
    case "reject":
      return [`reject ${one}`, `approve ${one}`];
    case "cancel":
    case "end":
      return [`${act} ${one}`];
    case "extend":
      return [`extend ${one} by 1 hour`];
    case "undo":
      return [id === undefined && site !== undefined ? `undo ${targetText(site)}` : `undo ${one}`];
    case "freeze":
      return ["freeze changes", `freeze changes for ${where}`];
    case "unfreeze":
      return ["lift the freeze", `lift the freeze for ${where}`];
    default:
      return act satisfies never;
  }
}
