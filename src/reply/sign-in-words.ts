import type { Block, Text, View } from "./view.ts";
import { plain, utcTime } from "./words.ts";

/** Somebody whose approval waits for a sign-in. `link` is where they do that: only ever on what they alone see. */
export type WaitingSignIn = { readonly name: string; readonly until: Date; readonly link?: string };

/** For the card: whose approvals wait, and for the one who looks, the link. */
export function signInNotes(waiting: readonly WaitingSignIn[]): readonly Block[] {
  if (waiting.length === 0) return [];
  return [{ kind: "notes", notes: waiting.map((one) => ({ level: "info", text: words(one) })) }];
}

function words({ name, until, link }: WaitingSignIn): Text {
  if (link === undefined)
    return `${name}'s approval waits for their sign-in, until ${utcTime(until)}; it does not count before.`;
  return [
    plain(`Your approval waits for your sign-in, until ${utcTime(until)}; it does not count before. `),
    { kind: "link", text: "Sign in now", url: link },
  ];
}

/** Said to one person whose approval needs a sign-in. */
export function signInText(request: string, until: Date): string {
  return `Your approval of ${request} counts once you have signed in again, before ${utcTime(until)}.`;
}

/** The way to sign in as a view of its own, where there is no card around it. */
export function signInView(link: { readonly text: string; readonly url: string }): View {
  const text: Text = [{ kind: "link", ...link }];
  return { tone: "waiting", blocks: [{ kind: "paragraph", text }], actions: [], summary: link.text };
}
