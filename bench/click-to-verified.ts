import {
  type ArmRequest,
  type ControlClient,
  createControlClient,
  type Standing,
} from "../src/cli/tour/control-client.ts";
import { startPlaygroundProcess } from "../src/cli/tour/playground-process.ts";
import { median, rounded } from "./statistics.ts";

export type ClickToVerified = {
  /** Milliseconds from the approving click to the confirmation in the thread, less the time that Azure took to answer. */
  readonly overheadMs: number;
  readonly overheadMsByPlatform: { readonly teams: number; readonly slack: number };
  /** Requests for the site itself that one change costs: read for the plan, read before the write, write, read back. */
  readonly armRequests: number;
  /** What else was asked for it, such as app settings; inventory and metadata are cached. */
  readonly otherArmRequests: number;
  readonly changes: number;
};

const warmUps = 2;
const changesEach = 8;
const site = "app-x";

type Change = { readonly overheadMs: number; readonly siteRequests: number; readonly otherRequests: number };

/** Whole changes in the playground, both chats in turn, against the local Azure without added delay. Medians. */
export async function measureClickToVerified(): Promise<ClickToVerified> {
  const playground = await startPlaygroundProcess();
  try {
    const control = createControlClient(playground.pageUrl);
    const changes = { teams: [] as Change[], slack: [] as Change[] };
    for (let round = 0; round < warmUps + changesEach; round++) {
      for (const platform of ["teams", "slack"] as const) {
        const change = await changeOnce(control, { platform, conversation: "on-call", as: "ana" });
        if (round >= warmUps) changes[platform].push(change);
        await control.changeSite(site, { routing: { applicationTraffic: false } });
      }
    }
    const all = [...changes.teams, ...changes.slack];
    const overhead = (some: readonly Change[]) => rounded(median(some.map(({ overheadMs }) => overheadMs)));
    return {
      overheadMs: overhead(all),
      overheadMsByPlatform: { teams: overhead(changes.teams), slack: overhead(changes.slack) },
      armRequests: median(all.map(({ siteRequests }) => siteRequests)),
      otherArmRequests: median(all.map(({ otherRequests }) => otherRequests)),
      changes: all.length,
    };
  } finally {
    await playground.stop();
  }
}

async function changeOnce(control: ControlClient, requester: Standing): Promise<Change> {
  const before = (await control.azureRequests(0)).at(-1)?.sequence ?? 0;
  const said = await control.say(requester, `@Routebot route all traffic for ${site}`);
  const thread = said.message?.thread ?? said.message?.id ?? "";
  const approver = { ...requester, as: "ben" };
  const expected = { after: said.seq, thread };
  const card = await control.waitForMessage(approver, { ...expected, contains: "Waiting for approval" });
  if (card === undefined) throw new Error("The approval card did not come.");

  const clicked = await control.click(approver, card.id, "Approve");
  const confirmed = await control.waitForMessage(approver, {
    ...expected,
    after: clicked.seq,
    contains: "Settings of",
  });
  const clickedAt = clicked.delivery.attempts[0]?.at;
  if (confirmed === undefined || clickedAt === undefined) throw new Error("The confirmation did not come.");

  const requests = (await control.azureRequests(before)).filter(({ surface }) => surface === "arm");
  const since = Date.parse(clickedAt);
  const until = Date.parse(confirmed.sentAt);
  const inAzure = requests
    .filter(({ time }) => Date.parse(time) >= since && Date.parse(time) <= until)
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
  const siteRequests = requests.filter(isForTheSite).length;
  return { overheadMs: until - since - inAzure, siteRequests, otherRequests: requests.length - siteRequests };
}

function isForTheSite({ path }: ArmRequest): boolean {
  return path.toLowerCase().endsWith(`/sites/${site}`);
}
