import type { ChangeRequest } from "../domain/change/change-request.ts";
import { shortFingerprint } from "../domain/change/fingerprint.ts";
import type { Failure, Refusal } from "../domain/failure.ts";
import { fleetRow, isSet } from "../domain/fleet/fleet-row.ts";
import { legacySettings } from "../domain/routing/legacy-setting.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";
import { manySitesTable, routedText } from "./many-sites.ts";
import { planBlocks, requestBlocks } from "./plan-preview.ts";
import { changeWords, requestWords, sitesWords } from "./plan-words.ts";
import { statusTable } from "./routing-table.ts";
import { siteFacts } from "./site-facts.ts";
import type { Block, Text, View } from "./view.ts";
import { code, listed, plain, plainText, sourceWords, strong, utcTime } from "./words.ts";

/** Short answers: everything that is said and is neither a change request's card nor its outcome. */

/** We decline, and say why. */
export function refusalView({ message, source }: Refusal): View {
  const said = note("attention", message);
  if (source === undefined) return said;
  return { ...said, blocks: [{ kind: "paragraph", text: `${message}${sourceWords(source)}` }] };
}

/** Something broke while we were looking; nothing was changed. */
export function failureView(failure: Failure): View {
  return {
    ...note("bad", `${failure.message} Nothing was changed.`),
    title: "That did not work",
  };
}

/** A question back, with texts that would have been understood. */
export function questionView(question: string, suggestions: readonly string[]): View {
  const blocks: Block[] = [{ kind: "paragraph", text: question }];
  if (suggestions.length > 0) {
    blocks.push(
      { kind: "paragraph", text: suggestions.length === 1 ? "For example:" : "For example one of these:" },
      { kind: "list", items: suggestions.map((text) => [code(text)]) },
    );
  }
  return { tone: "attention", blocks, actions: [], summary: [question, ...suggestions].join(" ") };
}

/** A site that already does what was asked, and why. */
type Unchanged = { readonly because: string; readonly observation: SiteObservation };

/** Nothing to change, and why, in sentences. Nobody is asked. */
export function noOpView(sites: readonly Unchanged[]): View {
  const text = [strong("Nothing to change. "), plain(sites.map(({ because }) => because).join(" "))];
  const [only, ...others] = sites;
  return {
    tone: "good",
    blocks: [
      { kind: "paragraph", text },
      ...(only && others.length === 0 ? [statusTable(only.observation)] : []),
    ],
    actions: [],
    summary: plainText(text),
  };
}

/** How several sites route their traffic now, one line each. `unread`: sites that could not be read, and why. */
export function manyStatusView(sites: readonly SiteObservation[], unread: readonly Unread[]): View {
  const rows = sites.map((site) => fleetRow(site, { withSettings: true }));
  const said = unread.map(({ label, why }) => `${label}: ${why}`);
  const table = manySitesTable(rows);
  const legacy = rows.filter((row) => legacySettings.some((setting) => isSet(row.legacy?.[setting])));
  const notes = [
    ...said.map((text) => ({ level: "warning", text }) as const),
    ...(legacy.length === 0
      ? []
      : [
          {
            level: "info",
            text: `Legacy app settings are set on ${listed(legacy.map(({ label }) => label))}; ask for the status of one of them to see which.`,
          } as const,
        ]),
  ];
  const [first] = sites;
  return {
    tone: unread.length > 0 ? "attention" : "neutral",
    title: `Outbound routing of ${sites.length + unread.length} sites`,
    blocks: [
      ...(rows.length > 0 ? [table] : []),
      ...(notes.length > 0 ? [{ kind: "notes", notes } as const] : []),
      ...(first
        ? [{ kind: "paragraph", text: `Read from Azure at ${utcTime(first.observedAt)}.` } as const]
        : []),
    ],
    actions: [],
    summary: `Through the VNet: ${[...rows.map((row) => `${row.label}: ${routedText(row)}`), ...said].join("; ")}.`,
  };
}

export type Unread = { readonly label: string; readonly why: string };

/** How one site routes its traffic now. */
export function statusView(site: SiteObservation): View {
  const label = targetLabel(site.target);
  return {
    tone: "neutral",
    title: `Outbound routing of ${label}`,
    blocks: [
      siteFacts(site),
      statusTable(site),
      { kind: "paragraph", text: `Read from Azure at ${utcTime(site.observedAt)}.` },
    ],
    actions: [],
    summary: `Outbound routing of ${label}: ${statusTable(site)
      .rows.map((row) => row.map(plainText).join(" "))
      .join("; ")}.`,
  };
}

/** What would change, without asking anybody: the answer to "what if". */
export function dryRunView(plan: ChangeRequest["plan"], unchanged: readonly Unchanged[]): View {
  const target = sitesWords(plan);
  const summary = `Dry run: ${changeWords(plan)} for ${target}. Nothing is requested and nothing changes.`;
  return {
    tone: "neutral",
    title: `Dry run: ${changeWords(plan)} for ${target}`,
    blocks: [
      { kind: "paragraph", text: "Nothing is requested and nothing changes." },
      ...planBlocks(plan),
      ...unchanged.map(({ because }) => ({ kind: "paragraph", text: because }) as const),
    ],
    actions: [],
    summary,
  };
}

/** Shows the plan and asks one person whether they mean it: the answer to a decision that was typed. */
export function confirmationPrompt(
  request: ChangeRequest,
  asked: {
    readonly decision: "approve" | "reject" | "withdraw";
    readonly why?: string;
    readonly promptId: string;
    readonly name: string;
  },
): View {
  const does = {
    approve: `approve ${request.id}`,
    reject: `reject ${request.id}`,
    withdraw: `withdraw your approval of ${request.id}`,
  }[asked.decision];
  const target = sitesWords(request.plan);
  const question = `${asked.name}, do you want to ${does} (${requestWords(request)} for ${target}, plan ${shortFingerprint(request.plan.fingerprint)})?`;
  return {
    tone: "waiting",
    title: `${does[0]?.toUpperCase()}${does.slice(1)}?`,
    blocks: [
      { kind: "paragraph", text: question },
      ...(asked.why ? [{ kind: "facts", facts: [{ label: "Why", value: asked.why }] } as const] : []),
      ...requestBlocks(request),
    ],
    actions: [
      {
        verb: "confirm",
        id: asked.promptId,
        title: asked.decision === "withdraw" ? "Yes, withdraw it" : `Yes, ${does}`,
        style: asked.decision === "approve" ? "primary" : "danger",
      },
      { verb: "dismiss", id: asked.promptId, title: "No" },
    ],
    summary: question,
  };
}

/** What can be written here. */
export function helpView(
  commands: readonly { readonly description: string; readonly example: string }[],
  intro: string,
): View {
  return {
    tone: "neutral",
    title: "What I can do",
    blocks: [
      { kind: "paragraph", text: intro },
      {
        kind: "list",
        items: commands.map(({ description, example }): Text => [code(example), plain(`: ${description}`)]),
      },
    ],
    actions: [],
    summary: `${intro} For example: ${commands.map(({ example }) => example).join("; ")}`,
  };
}

/** One sentence. */
export function note(tone: View["tone"], text: string): View {
  return { tone, blocks: [{ kind: "paragraph", text }], actions: [], summary: text };
}
