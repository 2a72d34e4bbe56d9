import { flagTitles, type RoutingFlag, routingFlags } from "../../domain/routing/routing-flag.ts";

/**
 * The stored values that a message of the bot names, read from its words as a person would read them: the first `on` or `off`
 * behind the flag's title, in a column of a table or as `Stored: …`.
 */
export function storedSettingsIn(text: string): Partial<Record<RoutingFlag, boolean>> {
  const settings: Partial<Record<RoutingFlag, boolean>> = {};
  for (const flag of routingFlags) {
    const title = flagTitles[flag];
    const at = text.lastIndexOf(title);
    if (at < 0) continue;
    const [, word] = /^[\s·]*(?:Stored:\s*)?(on|off)\b/i.exec(text.slice(at + title.length)) ?? [];
    if (word !== undefined) settings[flag] = word.toLowerCase() === "on";
  }
  return settings;
}

/** Sentences about where the two differ; none when they agree in every flag. */
export function differencesBetween(
  confirmed: Partial<Record<RoutingFlag, boolean>>,
  held: Readonly<Record<string, boolean>>,
): readonly string[] {
  return routingFlags.flatMap((flag) => {
    const inAzure = held[flag] ?? false;
    if (confirmed[flag] === undefined) return [`the message does not say whether ${flag} is on`];
    return confirmed[flag] === inAzure
      ? []
      : [`the message says ${flag} is ${confirmed[flag]}, Azure holds ${inAzure}`];
  });
}
