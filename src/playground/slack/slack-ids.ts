/** Slack's ids, from a source of randomness that is passed in. */
export interface SlackIds {
  /** A message's `ts`: seconds and a counter, always growing. */
  ts(): string;
  /** `Ev…`, `V…`, `Rx…` and the like. */
  id(prefix: string): string;
}

export function createSlackIds(now: () => Date, randomHex: (bytes: number) => string): SlackIds {
  let last = 0;
  return {
    ts() {
      last = Math.max(last + 1, now().getTime() * 1000);
      return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, "0")}`;
    },
    id: (prefix) => `${prefix}${randomHex(5).toUpperCase()}`,
  };
}
