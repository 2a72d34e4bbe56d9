import type { AuditEntry, Evidence, Flags, Write } from "./evidence.ts";

/** What a run comes to. Everything from `doubleOutcomes` on has to be 0. */
export type Verdict = {
  readonly figures: {
    readonly messages: number;
    readonly requests: number;
    readonly outcomes: Readonly<Record<string, number>>;
    /** PATCH requests that Azure saw, whatever became of them. */
    readonly armWrites: number;
    /** Those that it carried out, or may have, after one that it carried out, or may have, for the same request. */
    readonly repeatedWrites: number;
    readonly takeOvers: number;
    /** Temporary changes that came to be, and requests that turned one back. */
    readonly temporary: number;
    readonly turnedBack: number;
    /** Cards of one request in one conversation beyond the first. */
    readonly duplicateCards: number;
    /** Of these, those that do not show everybody how it ended, while another one beside them does. */
    readonly staleCopies: number;
    /** Requests with two ends, messages with two requests. */
    readonly doubleOutcomes: number;
    /** Writes that are of no request that was approved, or not what was approved. */
    readonly wrongWrites: number;
    /** Requests that went on without an approval by somebody who had given one. */
    readonly unapproved: number;
    /** Messages that were acknowledged and not answered. */
    readonly lost: number;
    readonly staleCards: number;
    /** Ends in the audit that Azure does not agree with, and faults of the chain. */
    readonly auditBad: number;
    /** Requests and jobs that are still under way. */
    readonly stuck: number;
    readonly crashes: number;
  };
  /** One sentence for each thing that is not as promised. */
  readonly violations: readonly string[];
};

/** Ends of a request; nothing follows them. */
const ends = new Set(["confirmed", "rejected", "cancelled", "expired", "stale", "failed"]);
/** Jobs that have something to do at once; others wait for a time of their own. */
const promptJobs = new Set(["handle-message", "apply", "deliver"]);

export function isUnderWay({ kind }: Evidence["left"]["jobs"][number]): boolean {
  return promptJobs.has(kind);
}

type Kind = keyof Pick<
  Verdict["figures"],
  "doubleOutcomes" | "wrongWrites" | "unapproved" | "lost" | "staleCards" | "auditBad" | "stuck" | "crashes"
>;

/** Judges a run from its evidence alone: it knows the rules and nothing of how the bots keep them. */
export function judge(evidence: Evidence): Verdict {
  const found: { readonly kind: Kind; readonly text: string }[] = [];
  const report = (kind: Kind, text: string) => found.push({ kind, text });
  const histories = historiesOf(evidence.audit);

  judgeMessages(evidence, histories, report);
  for (const history of histories.values()) judgeHistory(history, evidence, report);
  for (const history of histories.values()) judgeTemporary(history, histories, report);
  const { repeated } = judgeWrites(evidence, histories, report);
  const { staleCopies } = judgeCards(evidence, histories, report);
  judgeLeft(evidence, report);
  if (evidence.verified.code !== 0) report("auditBad", `audit verify: ${evidence.verified.said}`);
  for (const crash of evidence.crashes) report("crashes", `a process ended by itself: ${crash}`);

  const count = (kind: Kind) => found.filter((one) => one.kind === kind).length;
  const outcomes: Record<string, number> = {};
  for (const { end = "none" } of histories.values()) outcomes[end] = (outcomes[end] ?? 0) + 1;
  return {
    figures: {
      messages: evidence.asked.length,
      requests: histories.size,
      outcomes,
      armWrites: evidence.writes.length,
      repeatedWrites: repeated,
      takeOvers: evidence.audit.filter(({ kind }) => kind === "taken-over").length,
      temporary: [...histories.values()].filter(isTemporary).length,
      turnedBack: [...histories.values()].filter(({ reverts, end }) => reverts && end === "confirmed").length,
      duplicateCards: duplicatesIn(evidence.cards),
      staleCopies,
      doubleOutcomes: count("doubleOutcomes"),
      wrongWrites: count("wrongWrites"),
      unapproved: count("unapproved"),
      lost: count("lost"),
      staleCards: count("staleCards"),
      auditBad: count("auditBad"),
      stuck: count("stuck"),
      crashes: count("crashes"),
    },
    violations: found.map(({ kind, text }) => `${kind}: ${text}`),
  };
}

type Report = (kind: Kind, text: string) => void;

/** What the audit says of one request. */
type History = {
  readonly id: string;
  readonly entries: readonly AuditEntry[];
  readonly site: string;
  /** What the site's flags were when it was planned, and what was approved to be sent. */
  readonly before: Flags;
  readonly wanted: Flags;
  readonly ends: readonly string[];
  readonly end: string | undefined;
  /** Its place among those that went to work, in the order of the chain; undefined for those that did not. */
  readonly startedAt: number | undefined;
  readonly outcome: string | undefined;
  /** Where in the chain it was opened, and where it was found later to have taken effect all the same. */
  readonly openedAt: number;
  readonly madeAt: number | undefined;
  /** It is to be turned back. */
  readonly lasts: boolean;
  /** The temporary change that it turns back. */
  readonly reverts: string | undefined;
  /** What lets it be written without an approval of its own. */
  readonly permit: string | undefined;
};

function historiesOf(audit: readonly AuditEntry[]): ReadonlyMap<string, History> {
  const histories = new Map<string, History>();
  const byRequest = Map.groupBy(
    audit.flatMap((entry, index) => (entry.request === undefined ? [] : [{ entry, index }])),
    ({ entry }) => entry.request ?? "",
  );
  for (const [id, numbered] of byRequest) {
    const entries = numbered.map(({ entry }) => entry);
    const opened = entries.find(({ kind }) => kind === "opened");
    if (opened === undefined) continue;
    const before = flagsIn(opened.details.before);
    const moves = entries.flatMap(({ to }) => (to !== undefined && ends.has(to) ? [to] : []));
    const last = entries.findLast(({ to }) => to !== undefined && ends.has(to));
    histories.set(id, {
      ...{ id, entries, before, ends: moves, end: moves.at(-1) },
      site: /\/sites\/([^/]+)$/i.exec(opened.details.site ?? "")?.[1]?.toLowerCase() ?? "",
      wanted: { ...before, ...flagsIn(opened.details.changes) },
      startedAt: numbered.find(({ entry }) => entry.to === "applying")?.index,
      outcome: last?.details.outcome,
      openedAt: numbered.find(({ entry }) => entry === opened)?.index ?? 0,
      madeAt: numbered.find(({ entry }) => entry.kind === "settled" && entry.details.sights === "made")
        ?.index,
      lasts: opened.details.lastsSeconds !== undefined,
      reverts: opened.details.revert,
      permit: opened.details.permit,
    });
  }
  return histories;
}

function flagsIn(json: string | undefined): Flags {
  const value: unknown = JSON.parse(json ?? "{}");
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([flag, on]) => (typeof on === "boolean" ? [[flag, on] as const] : [])),
  );
}

function judgeMessages(evidence: Evidence, histories: ReadonlyMap<string, History>, report: Report): void {
  for (const { tag, acknowledged, answered, text, platform } of evidence.asked) {
    if (acknowledged && !answered)
      report("lost", `"${text}" (${platform}) was acknowledged and not answered`);
    const requests = [...histories.values()].filter(({ entries }) =>
      entries.some(({ kind, details }) => kind === "opened" && details.reason === tag),
    );
    if (requests.length > 1)
      report("doubleOutcomes", `"${text}" led to ${requests.map(({ id }) => id).join(" and ")}`);
  }
}

/** One way from the opening to one end, and no work without an approval by somebody who had given it. */
function judgeHistory(
  { id, entries, ends, startedAt, permit }: History,
  { decisions }: Evidence,
  report: Report,
): void {
  if (ends.length > 1) report("doubleOutcomes", `${id} ended as ${ends.join(" and as ")}`);
  if (ends.length === 0) report("stuck", `${id} has not ended`);
  let state: string | undefined;
  for (const { from, to } of entries) {
    if (to === undefined) continue;
    if (from !== undefined && from !== state)
      report("auditBad", `${id} went from ${from} to ${to}, but was ${state ?? "not there"}`);
    state = to;
  }
  // What a revert may do is judged with the change that it turns back.
  if (startedAt === undefined || permit === "revert") return;
  const approver = entries.find(({ kind, to }) => kind === "approval" && to === "approved")?.person;
  const asker = entries.find(({ kind }) => kind === "opened")?.person;
  const gave = decisions.some(
    ({ request, person, verb }) => request === id && verb === "approve" && person === approver,
  );
  if (approver === undefined) report("unapproved", `${id} was worked on without an approval`);
  else if (!gave) report("unapproved", `${id} counts an approval by ${approver}, who gave none`);
  else if (approver === asker) report("unapproved", `${id} was approved by ${asker}, who had asked for it`);
}

function isTemporary({ lasts, end }: History): boolean {
  return lasts && end === "confirmed";
}

/** A temporary change is turned back to what was before it, once and only then; and nothing else goes without an approval. */
function judgeTemporary(history: History, histories: ReadonlyMap<string, History>, report: Report): void {
  const { id, permit, reverts, wanted } = history;
  if (permit !== undefined) {
    const first = histories.get(reverts ?? "");
    if (permit !== "revert" || first === undefined || !isTemporary(first))
      report("unapproved", `${id} went without approval and turns back no temporary change`);
    else if (!sameFlags(wanted, first.before))
      report("unapproved", `${id} turns ${first.id} back to something else than what was before it`);
  }
  if (!isTemporary(history)) return;
  const back = [...histories.values()].filter((one) => one.reverts === id);
  if (back.length === 0) report("stuck", `${id} was not turned back`);
  if (back.filter(({ end }) => end === "confirmed").length > 1)
    report("doubleOutcomes", `${id} was turned back more than once`);
}

/**
 * Each site's writes, in the order in which Azure saw them, have to be those of its approved requests, in the order in which they
 * went to work: each with exactly its content, and none that comes back once the next one had its turn.
 */
function judgeWrites(evidence: Evidence, histories: ReadonlyMap<string, History>, report: Report) {
  let repeated = 0;
  const bySite = Map.groupBy(
    evidence.writes.toSorted((a, b) => a.sequence - b.sequence),
    ({ site }) => site.toLowerCase(),
  );
  for (const [site, { before, after }] of Object.entries(evidence.sites)) {
    const started = [...histories.values()]
      .filter((history) => history.site === site && history.startedAt !== undefined)
      .toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
    // A revert could have been approved when the change could that it turns back; its own card may come later than its write.
    const shownAt = ({ id, reverts }: History) =>
      Math.min(
        ...evidence.cards.filter(({ request }) => request === (reverts ?? id)).map(({ since }) => since),
      );
    const writesOf = new Map<string, Write[]>(started.map(({ id }) => [id, []]));
    let turn = 0;
    for (const write of bySite.get(site) ?? []) {
      // Of several that want the same it is of the last one that could have been approved by then.
      const fits = started.findLastIndex(
        (history, index) =>
          index >= turn &&
          shownAt(history) <= write.at &&
          write.flags !== undefined &&
          sameFlags(write.flags, history.wanted),
      );
      const history = started[fits];
      if (write.method !== "PATCH" || history === undefined) {
        report("wrongWrites", `${write.method} ${site} (${write.sequence}) is of no approved request`);
        continue;
      }
      turn = fits;
      writesOf.get(history.id)?.push(write);
    }
    for (const history of started) {
      const writes = writesOf.get(history.id) ?? [];
      const carriedOut = writes.filter(isCarriedOut).length;
      if (carriedOut > 1) {
        repeated += carriedOut - 1;
        const taken = history.entries.some(({ kind }) => kind === "taken-over" || kind === "tried-again");
        if (!taken) report("wrongWrites", `${history.id} was written ${carriedOut} times by one worker`);
      }
      if (history.end === "confirmed" && carriedOut === 0)
        report("auditBad", `${history.id} is confirmed, but Azure carried nothing out for it`);
    }
    judgeSite({ site, before, after, started }, report);
  }
  return { repeated };
}

/** Faults that can hit before or after the write was carried out, which the client cannot know. */
const unclearFaults = new Set(["hang", "reset", "server-error"]);

/** Whether Azure has carried a write out, or may have. */
function isCarriedOut({ status, end, fault }: Write): boolean {
  if (fault !== null && unclearFaults.has(fault)) return true;
  return end === "answered" && status !== null && status < 300;
}

/** What each end says of the site has to be what the next plan found, and what Azure holds at the end. */
function judgeSite(
  {
    site,
    before,
    after,
    started,
  }: { site: string; before: Flags; after: Flags; started: readonly History[] },
  report: Report,
): void {
  let known: Flags | undefined = before;
  let late: History | undefined;
  for (const history of started) {
    const { id, end, outcome, wanted, before: found } = history;
    // What was not seen to be done when it ended was found later to be.
    if (late?.madeAt !== undefined && late.madeAt < history.openedAt) known = late.wanted;
    late = history;
    if (known !== undefined && !sameFlags(known, found))
      report("auditBad", `${id} found ${site} otherwise than the end before it says`);
    if (end === "confirmed") known = wanted;
    else if (outcome === "not-applied" || outcome === "accepted-not-applied") known = found;
    else known = undefined;
  }
  if (late?.madeAt !== undefined) known = late.wanted;
  if (known !== undefined && !sameFlags(known, after))
    report("auditBad", `${site} is not in Azure as the last end of a request says`);
}

function sameFlags(one: Flags, other: Flags): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? false) === (other[name] ?? false));
}

/** Each reader of a request's cards in a conversation has to see how it ended on one of them. */
function judgeCards({ cards }: Evidence, histories: ReadonlyMap<string, History>, report: Report) {
  const staleCopies = new Set<string>();
  const isCurrent = ({ request, state }: Evidence["cards"][number]) => state === histories.get(request)?.end;
  const seen = Map.groupBy(
    cards,
    ({ request, conversation, reader }) => `${request} ${conversation} ${reader}`,
  );
  for (const [first, ...others] of seen.values()) {
    if (first === undefined) continue;
    const { request, state, reader, platform, message } = first;
    const stale = [first, ...others].filter((card) => !isCurrent(card));
    if (stale.length > others.length) {
      const end = histories.get(request)?.end ?? "open";
      report(
        "staleCards",
        `${request} shows ${state} to ${reader} in ${platform} (${message}), and is ${end}`,
      );
    } else for (const copy of stale) staleCopies.add(copy.message);
  }
  const shown = new Set(cards.map(({ request }) => request));
  for (const { id } of histories.values())
    if (!shown.has(id)) report("staleCards", `${id} has no card anywhere`);
  return { staleCopies: staleCopies.size };
}

function duplicatesIn(cards: Evidence["cards"]): number {
  const messages = new Map<string, Set<string>>();
  for (const { request, platform, conversation, message } of cards) {
    const key = `${request} ${platform} ${conversation}`;
    messages.set(key, (messages.get(key) ?? new Set()).add(message));
  }
  return [...messages.values()].reduce((sum, { size }) => sum + size - 1, 0);
}

function judgeLeft({ left }: Evidence, report: Report): void {
  for (const { id, state } of left.requests) report("stuck", `${id} is still ${state}`);
  for (const job of left.jobs.filter(isUnderWay))
    report("stuck", `a job "${job.kind}" for ${job.line} is still ${job.state}`);
  for (const id of left.temporary) report("stuck", `${id} is still to be turned back`);
  for (const { key, why } of left.deadDeliveries) report("lost", `${key} was given up: ${why}`);
}
