import { type Account, type Person, type Platform, platforms } from "../domain/actor.ts";
import type { Policy } from "../domain/change/approval-policy.ts";
import type { Owed } from "../ports/change-requests.ts";
import type { Place } from "../ports/chat.ts";
import { note } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import { listed } from "../reply/words.ts";
import type { Flow } from "./flow.ts";

/** A person to be told; `account` where one is known that the policy may not list, such as a requester's. */
export type Told = Person & { readonly account?: Account };

/** Something for several people, each alone. */
export type Telling = {
  /** Begins the keys of the deliveries: telling again under the same key changes nothing. */
  readonly key: string;
  /** The conversation that it is about: its platform is preferred, and it hears whom nobody could reach. */
  readonly about: Place;
  readonly persons: readonly Told[];
  readonly view: View;
};

/**
 * What is owed so that each of these people is told in their own chat with the bot: one message a person, on one platform.
 * Whoever has no account on a configured platform is named in the conversation instead; so is, at delivery, whoever turns
 * out not to be reachable.
 *
 * Rejects when there is no policy that could be read.
 */
export async function tellPeople(flow: Flow, telling: Telling): Promise<readonly Owed[]> {
  const { key, about, persons, view } = telling;
  const policy = await flow.directory.policy();
  const owed: Owed[] = [];
  const missed: string[] = [];
  for (const person of new Map(persons.map((one) => [one.id, one])).values()) {
    const account = accountToWriteTo(flow, policy, { person, prefer: about.platform });
    if (!account) missed.push(person.name);
    else {
      const to = { account, name: person.name };
      owed.push({ kind: "message", key: `${key}:to:${person.id}`, place: about, view, to });
    }
  }
  if (missed.length > 0) {
    owed.push({
      kind: "message",
      key: `${key}:unreached`,
      place: about,
      view: note(
        "attention",
        `I have no way to write to ${listed(missed)} directly. For them: ${view.summary}`,
      ),
    });
  }
  return owed;
}

type Wanted = { readonly person: Told; readonly prefer: Platform };

/** The account under which a person can be written to, on the preferred platform if they have one there. */
export function accountToWriteTo(
  { chats }: Pick<Flow, "chats">,
  policy: Policy,
  { person, prefer }: Wanted,
): Account | undefined {
  const listedAccounts = policy.people.find(({ id }) => id === person.id)?.accounts ?? [];
  const accounts = person.account ? [person.account, ...listedAccounts] : listedAccounts;
  const order = [prefer, ...platforms.filter((platform) => platform !== prefer)];
  return order
    .filter((platform) => chats.has(platform))
    .flatMap((wanted) => accounts.filter(({ platform }) => platform === wanted))
    .at(0);
}
