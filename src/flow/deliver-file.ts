import { type FleetRow, isAskedFor } from "../domain/fleet/fleet-row.ts";
import type { Delivery, Owed } from "../ports/change-requests.ts";
import type { Chat, SendResult } from "../ports/chat.ts";
import type { Survey } from "../ports/surveys.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import { fleetFileHead, fleetFileLine } from "../reply/fleet-file.ts";
import { fleetPartView, shownSites } from "../reply/fleet-report.ts";
import type { Flow } from "./flow.ts";
import { afterUnclear, pauseWhileAway } from "./unclear-sends.ts";

const done: JobResult = { kind: "done" };
const lookAfterMs = 5_000;

const rowsPerMessage = 20;
const mostMessages = 5;

type Sharing = {
  readonly key: string;
  readonly delivery: Delivery;
  readonly owed: Extract<Owed, { kind: "file" }>;
  readonly context: JobContext;
};

/** Sends what is owed as a file, once: a try whose end is not known is followed by others, as with messages that cannot be looked up. */
export async function deliverFile(
  flow: Flow,
  chat: Chat,
  { key, delivery, owed, context }: Sharing,
): Promise<JobResult> {
  if (delivery.ref !== undefined) return done;
  if (delivery.trying) {
    // A file bears no mark: only whether the chat answers is to be learned.
    const found = await chat.lookUp(owed.place, key);
    if (found.kind === "away")
      return { kind: "again", afterMs: pauseWhileAway(context.attempt, found.afterMs) };
    const next = afterUnclear(delivery, flow.clock.now());
    if (next.kind === "wait") return { kind: "again", afterMs: next.afterMs };
    if (next.kind === "give-up") {
      flow.log.error("delivery-dead", new Error(next.why), { key, kind: "unclear" });
      await flow.outbox.dead(key, next.why);
      return done;
    }
  }
  await flow.outbox.trying(key);
  const result = await shareSurvey(flow, chat, owed.survey);
  switch (result.kind) {
    case "sent":
      await flow.outbox.sent(key, { ref: result.ref, count: delivery.want, from: delivery.sent });
      return done;
    case "unclear":
      flow.log.warn("file-unclear", { key, why: result.why });
      return { kind: "again", afterMs: lookAfterMs };
    case "retry":
      await flow.outbox.notSent(key);
      return { kind: "again", afterMs: result.afterMs };
    default:
      flow.log.info("file-not-shared", { key, why: result.why });
      await flow.outbox.dead(key, `${result.kind}: ${result.why}`);
      return done;
  }
}

/**
 * Shares every site that a survey saw as a CSV file. Where the chat has no files for bots, or does not let this one, the sites that
 * were asked for follow as messages, up to a limit. `refused` then means: in messages instead.
 */
async function shareSurvey(flow: Flow, chat: Chat, id: string): Promise<SendResult> {
  const survey = await flow.surveys.get(id);
  if (survey === undefined) return { kind: "refused", why: "its survey is not there any more" };
  const result = (await chat.share?.({
    place: survey.place,
    name: `routing-${survey.startedAt.toISOString().slice(0, 16).replaceAll(":", "")}Z.csv`,
    title: `Outbound routing of ${survey.counts.sites} sites`,
    content: await contentOf(flow, survey),
  })) ?? { kind: "refused", why: "this chat takes no files from bots" };
  if (result.kind === "refused") await tellInMessages(flow, survey);
  return result;
}

/** UTF-8 with a byte order mark, without which spreadsheets take it for something else. */
async function contentOf(flow: Flow, { id, question }: Survey): Promise<Uint8Array> {
  const parts = [Buffer.from(`\ufeff${fleetFileHead()}`)];
  for await (const rows of flow.surveys.rows(id)) {
    parts.push(Buffer.from(rows.map((row) => fleetFileLine(row, question)).join("")));
  }
  return Buffer.concat(parts);
}

/** The sites behind those that the result shows. Their keys make each of them said once, however often this runs. */
async function tellInMessages(flow: Flow, survey: Survey): Promise<void> {
  const { id, place, question, counts } = survey;
  const rest = await askedForAfter(flow, survey);
  const owed: Owed[] = [];
  for (let at = 0; at < rest.length; at += rowsPerMessage) {
    const from = shownSites + at + 1;
    const view = fleetPartView(rest.slice(at, at + rowsPerMessage), { question, from, of: counts.askedFor });
    owed.push({ kind: "message", key: `${id}:part:${at / rowsPerMessage}`, place, view });
  }
  const missing = counts.askedFor - shownSites - rest.length;
  if (missing > 0) {
    const text = `${missing} more sites are not shown: this chat takes no file from me. Ask for a resource group or a subscription to see them.`;
    owed.push({ kind: "message", key: `${id}:rest`, place, view: note("attention", text) });
  }
  if (owed.length > 0) await flow.requests.record({ events: [], owed, jobs: [] });
}

async function askedForAfter(flow: Flow, { id, question }: Survey): Promise<readonly FleetRow[]> {
  const most = shownSites + rowsPerMessage * mostMessages;
  const found: FleetRow[] = [];
  for await (const rows of flow.surveys.rows(id)) {
    found.push(...rows.filter((row) => isAskedFor(row, question)));
    if (found.length >= most) break;
  }
  return found.slice(shownSites, most);
}
