import type { ChangeRequest } from "../domain/change/change-request.ts";
import { shortFingerprint } from "../domain/change/fingerprint.ts";
import type { BreakGlass } from "../domain/change/permit.ts";
import type { Review } from "../domain/change/review.ts";
import { maxReasonLength } from "./change-request-card.ts";
import { planBlocks } from "./plan-preview.ts";
import { changeWords, sitesWords } from "./plan-words.ts";
import type { Action, Block, Text, View } from "./view.ts";
import { listed, plain, strong, utcTime } from "./words.ts";

/** Asks the requester whether they mean it, for exactly this plan. */
export function breakGlassPrompt(
  request: ChangeRequest,
  asked: { readonly promptId: string; readonly why: string; readonly skipped: readonly string[] },
): View {
  const { id, plan, requester } = request;
  const question = `${requester.name}, do you want ${id} (${changeWords(plan)} for ${sitesWords(plan)}, plan ${shortFingerprint(plan.fingerprint)}) to be written now, without approval?`;
  const consequences = `${listed(asked.skipped) || "Nobody"} would be skipped and told at once. Somebody else has to review it afterwards, and until then you cannot do this again.`;
  return {
    tone: "attention",
    title: `Break glass for ${id}?`,
    blocks: [
      { kind: "paragraph", text: question },
      { kind: "facts", facts: [{ label: "Why", value: asked.why }] },
      { kind: "paragraph", text: consequences },
      ...planBlocks(plan),
    ],
    actions: [
      { verb: "confirm", id: asked.promptId, title: `Yes, break the glass for ${id}`, style: "danger" },
      { verb: "dismiss", id: asked.promptId, title: "No, wait for approval" },
    ],
    summary: `${question} ${consequences}`,
  };
}

/** Tells those who were skipped, at once, and asks one of them to review it. */
export function breakGlassNotice(
  { id, plan }: ChangeRequest,
  { person, why, skipped, at }: BreakGlass,
): View {
  const what = `${person.name} broke the glass for ${id} (${changeWords(plan)} for ${sitesWords(plan)}) at ${utcTime(at)}: it is written without approval.`;
  const names = listed(skipped.map(({ name }) => name));
  const ask =
    skipped.length === 0
      ? "The policy names nobody else who could have approved it, and so nobody who can review it."
      : `Skipped: ${names}. One of them has to say whether it was justified.`;
  return {
    tone: "attention",
    title: `${id}: break glass`,
    blocks: [
      { kind: "paragraph", text: [strong(what)] },
      { kind: "facts", facts: [{ label: "Why", value: why }] },
      { kind: "paragraph", text: ask },
    ],
    actions: reviewActions(id),
    summary: `${what} ${ask} Why: ${why}`,
  };
}

/** What was found, in place of the question. */
export function reviewedView({ request, person, why, finding }: Review): View {
  if (!finding) throw new Error(`${request} is not reviewed`);
  const { verdict, by, at, note } = finding;
  const found = verdict === "justified" ? "justified" : "not justified";
  const text = `${by.name} found the break glass of ${request} by ${person.name} ${found}, ${utcTime(at)}.`;
  return {
    tone: verdict === "justified" ? "good" : "bad",
    title: `${request}: break glass ${found}`,
    blocks: [
      { kind: "paragraph", text },
      {
        kind: "facts",
        facts: [
          { label: "Why it was done", value: why },
          ...(note ? [{ label: "Review", value: note }] : []),
        ],
      },
    ],
    actions: [],
    summary: note ? `${text} ${note}` : text,
  };
}

/** For the list of what is open: reviews that are due, and the way to do them. */
export function dueReviews(reviews: readonly Review[]): Pick<View, "blocks" | "actions"> {
  if (reviews.length === 0) return { blocks: [], actions: [] };
  const items = reviews.map(
    ({ request, person, why, at }): Text => [
      strong(request),
      plain(` written without approval by ${person.name}, ${utcTime(at)}: ${why}`),
    ],
  );
  const heading: Block = {
    kind: "paragraph",
    text: "To be reviewed by somebody who could have approved it:",
  };
  const [only, ...others] = reviews;
  const actions = reviews.slice(0, mostWithButtons).flatMap(({ request }) => reviewActions(request));
  return {
    blocks: [heading, { kind: "list", items }],
    actions: only && others.length === 0 ? reviewActions(only.request) : actions,
  };
}

const mostWithButtons = 3;

function reviewActions(id: ChangeRequest["id"]): readonly Action[] {
  const form = { submit: "Save the review", maxLength: maxReasonLength };
  return [
    {
      verb: "justified",
      id,
      title: `${id} was justified`,
      style: "primary",
      form: { ...form, title: `Review of ${id}`, label: "Remark (may be left out)", required: false },
    },
    {
      verb: "not-justified",
      id,
      title: `${id} was not justified`,
      style: "danger",
      form: { ...form, title: `Review of ${id}`, label: "Why not?", required: true },
    },
  ];
}
