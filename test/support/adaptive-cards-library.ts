import { createRequire } from "node:module";

/**
 * Microsoft's own card parser. Its package main cannot be loaded by Node (imports without extensions) and its bundle looks for
 * the browser's `self`.
 */
function load(): typeof import("adaptivecards") {
  const had = Reflect.has(globalThis, "self");
  if (!had) Reflect.set(globalThis, "self", globalThis);
  try {
    return createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");
  } finally {
    if (!had) Reflect.deleteProperty(globalThis, "self");
  }
}

export const adaptiveCards = load();

/** What Microsoft's parser finds wrong with a card for clients of version 1.5; empty if nothing. */
export function parserFindings(card: unknown): string[] {
  const context = new adaptiveCards.SerializationContext(adaptiveCards.Versions.v1_5);
  const parsed = new adaptiveCards.AdaptiveCard();
  parsed.parse(JSON.parse(JSON.stringify(card)), context);
  const findings: string[] = [];
  for (let index = 0; index < context.eventCount; index += 1)
    findings.push(context.getEventAt(index).message);
  for (const failure of parsed.validateProperties().validationEvents) findings.push(failure.message);
  return findings;
}
