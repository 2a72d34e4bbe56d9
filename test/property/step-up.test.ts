import fc from "fast-check";
import { expect, test } from "vitest";
import { stepUpDoor } from "../../src/flow/step-up-door.ts";
import { FlowWorld, people, type Who } from "../support/flow-world.ts";
import { MemorySignIn } from "../support/fresh-sign-in.ts";

const who = fc.constantFrom<Who>("robin", "ana", "ben", "olga");
const happening = fc.oneof(
  fc.record({ kind: fc.constant("approve" as const), who }),
  fc.record({ kind: fc.constant("approve" as const), who }),
  fc.record({ kind: fc.constant("withdraw" as const), who }),
  fc.record({
    kind: fc.constant("sign-in" as const),
    who,
    link: fc.nat(5),
    minutesAgo: fc.integer({ min: -3, max: 8 }),
    replay: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: 1, max: 11 }) }),
  fc.record({ kind: fc.constant("step-up" as const), on: fc.boolean() }),
  fc.record({ kind: fc.constant("work" as const) }),
);

test("nothing is written under a rule with step-up without a quorum of approvals that a fresh sign-in confirmed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(1, 2),
      async (happenings, quorum) => {
        const world = new FlowWorld();
        world.rule = { ...world.rule, quorum, stepUp: true };
        const signIn = new MemorySignIn();
        Object.assign(world.flow, { signIn });
        const door = stepUpDoor(world.flow, signIn);
        await world.say("robin", "route all traffic for app-x");
        const links: string[] = [];
        for (const what of happenings) {
          const writes = world.writes;
          switch (what.kind) {
            case "approve":
            case "withdraw": {
              const reply = await world.click(what.who, what.kind, "CR-1");
              if (reply.kind === "notice" && reply.link) links.push(reply.link.url.split("=")[1] ?? "");
              break;
            }
            case "sign-in": {
              const started = await door.start(links[what.link % Math.max(links.length, 1)] ?? "none");
              if (started.kind === "page") break;
              const at = new Date(world.clock.now().getTime() - what.minutesAgo * 60_000);
              signIn.result = { kind: "signed-in", account: people[what.who].account, at };
              const came = { query: `state=${started.state}`, browser: started.state };
              const { approved } = await door.finish(came);
              if (approved) expect(what.minutesAgo >= -1 && what.minutesAgo <= 5).toBe(true);
              if (what.replay) expect((await door.finish(came)).approved).toBe(false);
              break;
            }
            case "time":
              world.clock.advance(what.minutes * 60_000);
              break;
            case "step-up":
              world.rule = { ...world.rule, stepUp: what.on };
              break;
            case "work":
              await world.run();
              break;
            default:
              what satisfies never;
          }
          const request = await world.store.requests.get("CR-1");
          if (world.writes === writes || world.rule.stepUp !== true) continue;
          const confirmed = (request?.approvals ?? []).filter(
            ({ person, signedIn, at }) =>
              signedIn?.account.user === person.id &&
              at.getTime() - signedIn.at.getTime() <= 5 * 60_000 &&
              world.rule.approve.includes(person.id),
          );
          expect(new Set(confirmed.map(({ person }) => person.id)).size).toBeGreaterThanOrEqual(quorum);
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
