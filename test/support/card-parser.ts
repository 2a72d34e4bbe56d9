import { adaptiveCards } from "../../src/playground/teams/adaptive-cards-library.ts";

/** What Microsoft's own parser finds wrong with a card for clients of version 1.5; empty if nothing. */
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
