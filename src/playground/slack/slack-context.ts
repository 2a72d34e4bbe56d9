/** What the parts of the local Slack share. */
import type { ChatFaults } from "../chat-faults.ts";
import type { DeliveryLog } from "../deliveries.ts";
import type { PersonId } from "../people.ts";
import type { World } from "../world/world.ts";
import type { SlackIds } from "./slack-ids.ts";

export interface SlackContext {
  readonly world: World;
  readonly faults: ChatFaults;
  readonly deliveries: DeliveryLog;
  readonly ids: SlackIds;
  readonly now: () => Date;
  readonly botToken: string;
  readonly appToken: string;
  readonly triggers: Triggers;
}

/** "The trigger_id expires in three seconds": https://docs.slack.dev/interactivity/handling-user-interaction */
const triggerLifeMs = 3_000;

export interface Triggers {
  issue(person: PersonId): string;
  /** Who clicked, once; or the Web API's error. */
  exchange(triggerId: string): { readonly person: PersonId } | { readonly error: string };
}

export function createTriggers(now: () => Date, newId: (prefix: string) => string): Triggers {
  const issued = new Map<string, { person: PersonId; until: number; used: boolean }>();
  return {
    issue(person) {
      const id = `${newId("1")}.${newId("2")}.${newId("").toLowerCase()}`;
      issued.set(id, { person, until: now().getTime() + triggerLifeMs, used: false });
      return id;
    },
    exchange(triggerId) {
      const trigger = issued.get(triggerId);
      if (trigger === undefined) return { error: "invalid_trigger_id" };
      if (trigger.used) return { error: "exchanged_trigger_id" };
      if (now().getTime() > trigger.until) return { error: "expired_trigger_id" };
      trigger.used = true;
      return { person: trigger.person };
    },
  };
}
