/**
 * Said to somebody who sends more than is taken from one person. What was stored before is not known here (it may have been a
 * repetition), so it does not say that nothing was done.
 */
export function tooManyWords(
  kind: "messages" | "clicks" | "views",
  { perMinute, waitMs }: { readonly perMinute: number; readonly waitMs: number },
): string {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const wait = `wait ${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  switch (kind) {
    case "messages":
      return `I take ${perMinute} messages a minute from one person: ${wait}, then send again what was not answered.`;
    case "clicks":
      return `I take ${perMinute} clicks a minute from one person: ${wait}, then click again if the card still asks.`;
    case "views":
      return `This card was looked at too often: ${wait}, then look again.`;
    default:
      return kind satisfies never;
  }
}
