import type { Account, Platform } from "../../src/domain/actor.ts";
import type { Policy } from "../../src/domain/change/approval-policy.ts";
import type { Chat, Place } from "../../src/ports/chat.ts";
import { FlowWorld, MemoryChat, people, type Who } from "./flow-world.ts";

/** The flow with Slack beside Teams: everybody of the tests has an account in both. */
export class TwoChats extends FlowWorld {
  readonly slack = new MemoryChat("slack");

  constructor() {
    super();
    const chats: ReadonlyMap<Platform, Chat> = new Map<Platform, Chat>([
      ["teams", this.chat],
      ["slack", this.slack],
    ]);
    Object.assign(this.flow, { chats });
    this.flow.directory.personOf = async ({ account, displayName }) => {
      const known = Object.values(people).find((one) => one.account.user === account.user.toLowerCase());
      return known
        ? { id: known.account.user, name: known.displayName }
        : { id: `${account.platform}:${account.tenant}/${account.user}`, name: displayName };
    };
  }

  override get policy(): Policy {
    const policy = super.policy;
    return {
      ...policy,
      people: policy.people.map((person) => ({
        ...person,
        accounts: [...person.accounts, inSlack(person.id)],
      })),
    };
  }

  async sayInSlack(who: Who | "stranger", text: string, place: Place = slackChannel): Promise<void> {
    const actor = {
      account: inSlack(who),
      displayName: who === "stranger" ? "Sam" : people[who].displayName,
    };
    await this.receive({ kind: "message", id: `slack-${text}-${who}`, actor, place, text });
    await this.run();
  }

  clickInSlack(who: Who, verb: "approve" | "cancel", target: string) {
    const { displayName } = people[who];
    const id = `slack-click-${who}-${verb}-${target}`;
    const actor = { account: inSlack(who), displayName };
    return this.receive({ kind: "click", id, actor, place: slackChannel, verb, target });
  }
}

export function inSlack(who: string): Account {
  return { platform: "slack", tenant: "T1", user: who.toUpperCase() };
}

export const slackChannel: Place = {
  platform: "slack",
  tenant: "T1",
  kind: "channel",
  conversation: "C1",
  thread: "1.1",
  address: "{}",
};
