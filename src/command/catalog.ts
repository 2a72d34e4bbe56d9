import type { CommandKind } from "../domain/command.ts";

/** One thing that can be asked for, for help texts and the platforms' manifests. */
export type CatalogEntry = {
  kind: Exclude<CommandKind, "clarify" | "unknown">;
  /** Short name, as menus show it. At most 32 characters. */
  title: string;
  /** One line for a person. At most 128 characters. */
  description: string;
  /** A text that parses to this kind. */
  example: string;
  /** Goes without approval: only for those whom a rule of the policy lets do that. */
  breaksGlass?: true;
};

/** Everything that can be asked for, what people need most first. */
export const catalog: readonly CatalogEntry[] = [
  {
    kind: "change",
    title: "route all traffic",
    description: "Send an app's outbound traffic through its virtual network",
    example: "route all traffic for app-x",
  },
  {
    kind: "change",
    title: "turn off routing",
    description: "Turn off one kind of routing",
    example: "turn off image pull for app-x",
  },
  {
    kind: "change",
    title: "route everything",
    description: "Application and configuration traffic at once",
    example: "route everything for app-x",
  },
  {
    kind: "change",
    title: "what would happen",
    description: "See the plan without asking for it",
    example: "what would happen if we route all traffic for app-x?",
  },
  {
    kind: "change",
    title: "break glass",
    description: "Change at once without approval where the policy allows it; reviewed afterwards",
    example: "break glass: turn off route all for app-x because of an outage",
    breaksGlass: true,
  },
  {
    kind: "status",
    title: "status",
    description: "Show how an app's outbound traffic is routed now",
    example: "status of app-x",
  },
  { kind: "pending", title: "pending", description: "Show what is waiting for approval", example: "pending" },
  { kind: "decision", title: "approve", description: "Approve a change request", example: "approve CR-12" },
  {
    kind: "decision",
    title: "reject",
    description: "Reject a change request, with a reason",
    example: "reject CR-12 because we are in a freeze",
  },
  {
    kind: "cancel",
    title: "cancel",
    description: "Withdraw a change request before it is applied",
    example: "cancel CR-12",
  },
  {
    kind: "withdraw",
    title: "withdraw approval",
    description: "Take your own approval back while others still decide",
    example: "withdraw my approval of CR-12",
  },
  {
    kind: "undo",
    title: "undo",
    description: "Go back to how it was before a change",
    example: "undo CR-12",
  },
  {
    kind: "extend",
    title: "extend",
    description: "Let a temporary change hold longer",
    example: "extend CR-12 by 2 hours",
  },
  { kind: "end", title: "end", description: "End a temporary change now", example: "end CR-12" },
  {
    kind: "history",
    title: "history",
    description: "Show who changed an app, and when",
    example: "who changed app-x last?",
  },
  {
    kind: "audit",
    title: "audit",
    description: "List apps by how their traffic is routed",
    example: "which apps do not route all traffic?",
  },
  {
    kind: "explain",
    title: "who can approve",
    description: "Explain who may approve, or why you may not",
    example: "who can approve CR-12?",
  },
  {
    kind: "freeze",
    title: "freeze",
    description: "Hold all changes, or those of an app or group",
    example: "freeze changes for all apps in rg-shop",
  },
  {
    kind: "unfreeze",
    title: "unfreeze",
    description: "Lift a freeze",
    example: "lift the freeze for all apps in rg-shop",
  },
  { kind: "help", title: "help", description: "Show what can be asked for", example: "help" },
];
