import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { createHttpServer, type HttpServer } from "../../../src/adapters/http/http-server.ts";
import { createTeamsAdapter, type TeamsAdapter } from "../../../src/adapters/teams/teams-adapter.ts";
import { createChatFaults } from "../../../src/playground/chat-faults.ts";
import { createDeliveryLog } from "../../../src/playground/deliveries.ts";
import { people, personIds } from "../../../src/playground/people.ts";
import { directPlace, places, teamsTeam } from "../../../src/playground/places.ts";
import { type LocalTeams, startLocalTeams } from "../../../src/playground/teams/local-teams.ts";
import { findActions } from "../../../src/playground/world/clickable.ts";
import { plainText } from "../../../src/playground/world/plain-text.ts";
import { World } from "../../../src/playground/world/world.ts";
import { emptyWorld } from "../../../src/playground/world/world-model.ts";
import type { Inbound, Reply } from "../../../src/ports/chat.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";
import { teamsIds } from "../../support/teams-activities.ts";
import { views } from "../../support/views.ts";

const botToken = "token-of-the-bot";
const now = () => new Date();

/** The adapter and the playground's local Teams know nothing of each other: two readings of the same protocol. */
describe("the local Teams", () => {
  const world = new World(emptyWorld(), now);
  const log = createRecordedLog();
  let received: Inbound[] = [];
  let reply: Reply = { kind: "accepted" };
  let server: HttpServer;
  let teams: LocalTeams;
  let adapter: TeamsAdapter;

  beforeAll(async () => {
    server = createHttpServer({ host: "127.0.0.1", port: 0, log });
    server.post("/api/messages", { body: "json", maxBytes: 256 * 1024 }, (request, response) =>
      adapter.handler(request, response),
    );
    const { url } = await server.listen();
    teams = await startLocalTeams({
      world,
      faults: createChatFaults(now),
      deliveries: createDeliveryLog(),
      port: 0,
      tenantId: teamsIds.tenant,
      appId: teamsIds.appId,
      botEndpoint: `${url}/api/messages`,
      verifyBotToken: async (token) => token === botToken,
      now,
      keyId: "local-teams-key",
    });
    adapter = createTeamsAdapter(
      {
        appId: teamsIds.appId,
        appType: "SingleTenant",
        tenantId: teamsIds.tenant,
        authorityHost: "https://localhost:1",
        openIdMetadataUrl: teams.openIdUrl,
        tokenIssuer: "https://api.botframework.com",
        serviceHosts: [new URL(teams.serviceUrl).host],
        serviceUrl: teams.serviceUrl,
        allowedTenants: [teamsIds.tenant],
        anonymous: "refused",
      },
      {
        async receive(inbound) {
          received.push(inbound);
          return reply;
        },
        clock: systemClock,
        log,
        credential: {
          getToken: async () => ({ token: botToken, expiresOnTimestamp: Date.now() + 3_600_000 }),
        },
      },
    );
  });
  afterAll(async () => {
    await server?.close();
    await teams?.close();
  });
  beforeEach(() => {
    received = [];
    reply = { kind: "accepted" };
  });

  function placeOf(kind: "channel" | "group" | "direct") {
    const place = places.find((one) => one.platform === "teams" && one.kind === kind);
    if (!place) throw new Error(`the local Teams has no ${kind}`);
    return place;
  }

  async function said(kind: "channel" | "group" | "direct") {
    const { problem } = await teams.say({
      as: "robin",
      place: placeOf(kind),
      thread: null,
      text: "@Routebot status of R&D <shop-web>",
    });
    expect(problem).toBeNull();
    const inbound = received.at(-1);
    if (inbound?.kind !== "message") throw new Error("the message did not arrive");
    return inbound;
  }

  it("draws a card for each person who looks at it, and for all where nobody asked", async () => {
    const { place } = await said("channel");
    received = [];
    reply = { kind: "card", view: { ...views["approval-request"], actions: [] } };
    const view = { ...views["approval-request"], perPerson: "CR-12" };
    const sent = await adapter.chat.post({ place, view, key: "k" });
    expect(sent.kind).toBe("sent");
    await teams.settled();
    expect(received.map(({ kind }) => kind)).toEqual(personIds.map(() => "viewed"));
    expect(new Set(received.map(({ actor }) => actor.account.user))).toEqual(
      new Set(personIds.map((id) => people[id].teams.aadObjectId)),
    );
    const message = world.state.messages.at(-1);
    expect(Object.keys(message?.views ?? {}).toSorted()).toEqual([...personIds].toSorted());
    const titles = (cards: Parameters<typeof findActions>[0]) =>
      findActions(cards).map(({ clickable }) => clickable.title);
    expect(titles(message?.views.robin ?? [])).not.toContain("Approve");
    expect(titles(message?.cards ?? [])).toContain("Approve");
  });

  it("lets the bot write to somebody who has not written to it", async () => {
    const account = {
      platform: "teams",
      tenant: teamsIds.tenant,
      user: people.ben.teams.aadObjectId,
    } as const;
    const opened = await adapter.chat.openDirect(account);
    if (opened.kind !== "open") throw new Error(JSON.stringify(opened));
    expect(await adapter.chat.post({ place: opened.place, view: views.sentence, key: "k" })).toMatchObject({
      kind: "sent",
    });
    expect(world.state.messages.at(-1)).toMatchObject({ conversation: directPlace("teams", "ben").id });
  });

  async function posted(kind: "channel" | "group" | "direct") {
    const { place } = await said(kind);
    const sent = await adapter.chat.post({ place, view: views["approval-request"], key: "k" });
    if (sent.kind !== "sent") throw new Error(JSON.stringify(sent));
    const message = world.state.messages.at(-1);
    if (!message) throw new Error("no message stands there");
    return { place, ref: sent.ref, message };
  }

  /** The button with this verb, on the card or in a form. */
  function keyOf(cards: Parameters<typeof findActions>[0], verb: string) {
    const found = findActions(cards).find(({ json }) => json.verb === verb);
    if (!found) throw new Error(`no action ${verb}`);
    return found.clickable.key;
  }

  it.each(["channel", "group", "direct"] as const)(
    "hears what is said in a %s, word for word",
    async (kind) => {
      const inbound = await said(kind);
      expect(inbound).toMatchObject({
        text: "status of R&D <shop-web>",
        place: { kind },
        actor: { account: { tenant: teamsIds.tenant, user: people.robin.teams.aadObjectId.toLowerCase() } },
      });
    },
  );

  it.each(["channel", "group", "direct"] as const)("posts a card to a %s and replaces it", async (kind) => {
    const { place, ref, message } = await posted(kind);
    expect(plainText("", message.cards)).toContain("CR-12: route all traffic");
    expect(await adapter.chat.update({ place, ref, view: views.confirmed })).toMatchObject({ kind: "sent" });
    expect(plainText("", message.cards)).toContain("CR-12 is done");
    expect(findActions(message.cards)).toEqual([]);
  });

  it("hears a press and shows the answer to the person who pressed", async () => {
    const { message } = await posted("channel");
    reply = { kind: "card", view: views.confirmed };
    const clicked = await teams.click({
      as: "ana",
      message,
      key: keyOf(message.cards, "approve"),
      inputs: {},
    });
    expect(clicked).toMatchObject({ problem: null, reply: { kind: "card" } });
    expect(received.at(-1)).toMatchObject({ kind: "click", verb: "approve", target: "9Yl3vX0qk2mB7nT4" });
    expect(received.at(-1)?.place).toMatchObject({ kind: "channel" });
  });

  it("hears the reason that was typed into the form, and shows a notice", async () => {
    const { message } = await posted("channel");
    reply = { kind: "notice", text: "Noted." };
    const key = keyOf(message.cards, "reject");
    const clicked = await teams.click({ as: "ana", message, key, inputs: { "input-1": "not *today*" } });
    expect(clicked.reply).toEqual({ kind: "text", text: "Noted." });
    expect(received.at(-1)).toMatchObject({ kind: "click", verb: "reject", input: "not *today*" });
  });

  it("tells that the app was added, once for each conversation", async () => {
    await teams.install();
    expect(new Set(received.map(({ kind }) => kind))).toEqual(new Set(["installed"]));
    const conversations = received.map(({ place }) => place.conversation);
    expect(new Set(received.map(({ id }) => id)).size).toBe(new Set(conversations).size);
    expect(new Set(conversations)).toEqual(
      // Of a team, its first channel is told and not every one.
      new Set(
        places
          .filter(
            ({ platform, kind, id }) => platform === "teams" && (kind !== "channel" || id === teamsTeam.id),
          )
          .map(({ id }) => id),
      ),
    );
  });

  it("delivers again under the same id", async () => {
    const { delivery } = await teams.say({
      as: "robin",
      place: placeOf("direct"),
      thread: null,
      text: "help",
    });
    if (!delivery) throw new Error("nothing was delivered");
    await teams.redeliver(delivery);
    expect(received.map(({ id }) => id)).toEqual([received[0]?.id, received[0]?.id]);
  });
});
