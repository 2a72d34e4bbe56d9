import { counted, fleetRow, noCounts } from "../../src/domain/fleet/fleet-row.ts";
import { breakGlassNotice } from "../../src/reply/break-glass-views.ts";
import { changeRequestCard } from "../../src/reply/change-request-card.ts";
import { choiceView } from "../../src/reply/choice-view.ts";
import { fleetResultView } from "../../src/reply/fleet-report.ts";
import type { Action, View } from "../../src/reply/view.ts";
import { approved, pending } from "../contract/change-requests-samples.ts";
import { sampleSite } from "./observations.ts";

/**
 * Representative views, the same for every renderer: golden files are drawn from them, and the conformance suite of the
 * Chat port posts them. A renderer that shows all of these shows what Routebot says.
 */

const rejectForm = {
  title: "Reject CR-12",
  label: "Why?",
  submit: "Reject",
  required: true,
  maxLength: 300,
} satisfies Action["form"];

const approvalRequest: View = {
  tone: "waiting",
  title: "CR-12: route all traffic of shop-web through the virtual network",
  blocks: [
    {
      kind: "facts",
      facts: [
        { label: "Site", value: [{ kind: "code", text: "shop-web" }] },
        { label: "Where", value: "rg-shop, Production subscription" },
        { label: "Requested by", value: [{ kind: "strong", text: "Ana Pérez" }] },
        { label: "Decide by", value: "22 Nov 2026, 18:00 UTC" },
      ],
    },
    {
      kind: "table",
      columns: ["Routing flag", "Before", "After", "Effective after"],
      rows: [
        [
          [{ kind: "code", text: "allTraffic" }],
          [{ kind: "code", text: "false" }],
          [{ kind: "code", text: "true" }],
          "on",
        ],
        [
          [{ kind: "code", text: "contentShareTraffic" }],
          [{ kind: "code", text: "false" }],
          [{ kind: "code", text: "false" }],
          "on, through allTraffic",
        ],
      ],
    },
    {
      kind: "notes",
      notes: [
        { level: "warning", text: "The subnet's network security group decides what still gets out." },
        {
          level: "info",
          text: [
            { kind: "plain", text: "The site's networking page: " },
            {
              kind: "link",
              text: "shop-web in the portal",
              url: "https://portal.azure.com/#@contoso.example/resource/subscriptions/0000/networking",
            },
          ],
        },
      ],
    },
  ],
  actions: [
    { verb: "approve", id: "9Yl3vX0qk2mB7nT4", title: "Approve", style: "primary" },
    { verb: "reject", id: "9Yl3vX0qk2mB7nT4", title: "Reject", style: "danger", form: rejectForm },
    { verb: "cancel", id: "9Yl3vX0qk2mB7nT4", title: "Cancel" },
  ],
  summary:
    "CR-12: Ana Pérez asks to route all traffic of shop-web through the virtual network. Approve or reject.",
};

const confirmed: View = {
  tone: "good",
  title: "CR-12 is done: all traffic of shop-web is routed",
  blocks: [
    {
      kind: "paragraph",
      text: [
        { kind: "plain", text: "Approved by " },
        { kind: "strong", text: "Bo Lindqvist" },
        { kind: "plain", text: ". Read back from Azure at 14:03:11 UTC:" },
      ],
    },
    {
      kind: "list",
      items: [
        [
          { kind: "code", text: "allTraffic" },
          { kind: "plain", text: " is " },
          { kind: "code", text: "true" },
        ],
        [
          { kind: "code", text: "backupRestoreTraffic" },
          { kind: "plain", text: " is not set" },
        ],
      ],
    },
    { kind: "code", text: "az rest --method get --url \\\n  https://management.azure.com/…/sites/shop-web" },
  ],
  actions: [],
  summary: "CR-12 is done: shop-web now routes all traffic through the virtual network.",
};

const failed: View = {
  tone: "bad",
  title: "CR-13 failed: nothing was changed",
  blocks: [
    { kind: "paragraph", text: "Azure declined the change: the policy “deny-public-routing” forbids it." },
    { kind: "notes", notes: [{ level: "refusal", text: "Azure code: RequestDisallowedByPolicy" }] },
  ],
  actions: [],
  summary: "CR-13 failed: nothing was changed on shop-web. Azure's policy forbids it.",
};

const confirmPrompt: View = {
  tone: "attention",
  title: "Approve CR-12?",
  blocks: [
    { kind: "paragraph", text: "This is what you would approve. It is bound to the plan shown here." },
  ],
  actions: [
    { verb: "confirm", id: "pr_6hT0", title: "Yes, approve", style: "primary" },
    { verb: "dismiss", id: "pr_6hT0", title: "No" },
  ],
  summary: "Approve CR-12? Answer yes or no.",
};

const pickList: View = choiceView({
  question: '3 sites fit "orders". Which one is meant?',
  choices: [
    { id: "ch_1.0", label: "orders in rg-shop", where: "(subscription Production)" },
    { id: "ch_1.1", label: "orders in rg-shop-eu", where: "(subscription Production)" },
    { id: "ch_1.2", label: `${"o".repeat(60)} in ${"g".repeat(90)}` },
  ],
  dismissId: "ch_1",
  name: "Ana Pérez",
  until: new Date("2026-11-22T18:00:00Z"),
  hint: "It may be yet another one: write its name with its resource group.",
});

const sentence: View = {
  tone: "neutral",
  blocks: [{ kind: "paragraph", text: "shop-web already routes all traffic. There is nothing to change." }],
  actions: [],
  summary: "shop-web already routes all traffic. There is nothing to change.",
};

/** Words that a person could type to look like something else: none of it may become markup, a mention or a link. */
const hostileWords =
  "**bold** _it_ [click](https://evil.example) <https://evil.example|click> <!channel> <@U123> <at>Bo</at> `tick`\n# heading\n- item\n1. one\n> quote ~gone~ & &lt; https://evil.example {{DATE(2020-01-01T00:00:00Z,SHORT)}}";

const hostile: View = {
  tone: "waiting",
  title: hostileWords,
  blocks: [
    {
      kind: "paragraph",
      text: [
        { kind: "plain", text: hostileWords },
        { kind: "strong", text: hostileWords },
        { kind: "code", text: hostileWords },
        { kind: "link", text: hostileWords, url: "https://portal.azure.com/ok" },
        { kind: "link", text: "dropped", url: "javascript:alert(1)" },
      ],
    },
    { kind: "facts", facts: [{ label: hostileWords, value: hostileWords }] },
    { kind: "table", columns: [hostileWords], rows: [[hostileWords]] },
    { kind: "notes", notes: [{ level: "info", text: hostileWords }] },
    { kind: "list", items: [hostileWords] },
    { kind: "code", text: hostileWords },
  ],
  actions: [
    {
      verb: "reject",
      id: "h1",
      title: hostileWords.slice(0, 70),
      form: { ...rejectForm, title: hostileWords.slice(0, 20), label: hostileWords },
    },
  ],
  summary: hostileWords,
};

/** More than any platform takes in one message: it is cut, and says so. */
const oversized: View = {
  tone: "neutral",
  title: "Status of 300 sites",
  blocks: [
    { kind: "paragraph", text: "All sites of both subscriptions." },
    {
      kind: "table",
      columns: ["Site", "All traffic", "Image pull"],
      rows: Array.from({ length: 300 }, (_, i) => [
        [{ kind: "code", text: `site-number-${i}-with-a-rather-long-name` } as const],
        "on",
        "off",
      ]),
    },
    { kind: "paragraph", text: "Ask for one site to see all of its flags." },
  ],
  actions: [{ verb: "dismiss", id: "s1", title: "Close" }],
  summary: "Status of 300 sites.",
};

/** An audit whose sites and scope are named as somebody would who wants more from a chat than a name. */
const fleet = ((): View => {
  const question = {};
  const rows = [
    fleetRow(sampleSite("shop-web"), { withSettings: false }),
    fleetRow(sampleSite("shop-api/staging", { integration: { kind: "none" } }), { withSettings: false }),
    fleetRow(sampleSite("shop-fn", { place: { resourceGroup: "rg_<!channel>_*x*" } }), {
      withSettings: false,
    }),
  ];
  const at = new Date("2026-11-22T14:05:00Z");
  return fleetResultView({
    scope: "resource group <at>everyone</at> [x](https://evil.example)",
    question,
    counts: { ...counted(noCounts, rows, question), askedFor: 1_203, sites: 9_812 },
    first: rows,
    startedAt: at,
    readAt: new Date("2026-11-22T14:09:00Z"),
    unreadGroups: 2,
    settingsGivenUp: false,
    slots: false,
  });
})();
const urgent = pending(12);
const breakGlass = breakGlassNotice(urgent, {
  kind: "break-glass",
  person: { id: "robin", name: "Robin Reyes" },
  account: urgent.requesterAccount,
  surface: "text",
  at: new Date("2026-11-22T14:00:00Z"),
  fingerprint: urgent.plan.fingerprint,
  why: "Checkout is down.",
  skipped: [
    { id: "ana", name: "Ana Alvarez" },
    { id: "ben", name: "Ben Becker" },
  ],
});

const partlyApproved = { ...urgent, reason: "Checkout is down.", approvals: approved(urgent).approvals };
const heldRequest = changeRequestCard(
  { ...partlyApproved, terms: { ...urgent.terms, quorum: 2 } },
  {
    hold: { kind: "freeze", name: "weekend", until: new Date("2026-11-23T07:00:00Z") },
  },
);

export const views = {
  "break-glass": breakGlass,
  "held-request": heldRequest,
  "approval-request": approvalRequest,
  confirmed,
  failed,
  "confirm-prompt": confirmPrompt,
  "pick-list": pickList,
  sentence,
  hostile,
  oversized,
  fleet,
} satisfies Record<string, View>;

export type ViewName = keyof typeof views;
