import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { createSlackAdapter, type SlackAdapter } from "../../../src/adapters/slack/slack-adapter.ts";
import { createChatFaults } from "../../../src/playground/chat-faults.ts";
import { createDeliveryLog } from "../../../src/playground/deliveries.ts";
import { people } from "../../../src/playground/people.ts";
import { directPlace, findPlace, slackWorkspace } from "../../../src/playground/places.ts";
import { type LocalSlack, startLocalSlack } from "../../../src/playground/slack/local-slack.ts";
import { plainText } from "../../../src/playground/world/plain-text.ts";
import { World } from "../../../src/playground/world/world.ts";
import { emptyWorld } from "../../../src/playground/world/world-model.ts";
import type { Inbound, Place, Reply } from "../../../src/ports/chat.ts";
import type { View } from "../../../src/reply/view.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";
import { closeServer, listenAnywhere } from "../../support/slack-peer.ts";
import { views } from "../../support/views.ts";

const botToken = "xoxb-local-slack";
const appToken = "xapp-local-slack";
const signingSecret = "a-signing-secret-of-the-local-slack";
const now = () => new Date();

/** The adapter and the playground's local Slack know nothing of each other: two readings of the same protocol. */
describe.each(["http", "socket"] as const)("over %s, the local Slack", (transport) => {
  const server = createServer((request, response) => adapter.requestListener?.(request, response));
  const world = new World(emptyWorld(), now);
  const received: Inbound[] = [];
  let reply: Reply = { kind: "accepted" };
  let slack: LocalSlack;
  let adapter: SlackAdapter;

  beforeAll(async () => {
    const botEndpoint = `http://127.0.0.1:${await listenAnywhere(server)}/slack/events`;
    slack = await startLocalSlack({
      world,
      faults: createChatFaults(now),
      deliveries: createDeliveryLog(),
      port: 0,
      botToken,
      appToken,
      signingSecret,
      botEndpoint,
      transport,
      now,
      randomHex: (bytes) => crypto.getRandomValues(Buffer.alloc(bytes)).toString("hex"),
    });
    adapter = await createSlackAdapter(
      {
        botToken,
        apiUrl: slack.apiUrl,
        teamIds: [slackWorkspace.teamId],
        mode: transport === "http" ? { kind: "http", signingSecret } : { kind: "socket", appToken },
      },
      {
        async receive(inbound) {
          received.push(inbound);
          return reply;
        },
        clock: systemClock,
        log: createRecordedLog(),
      },
    );
    await adapter.start();
  });
  afterAll(async () => {
    await adapter?.stop();
    await slack?.close();
    await closeServer(server);
  });

  it("lets the bot write to somebody who has not written to it", async () => {
    const account = {
      platform: "slack",
      tenant: slackWorkspace.teamId,
      user: people.ben.slack.userId,
    } as const;
    const opened = await adapter.chat.openDirect(account);
    if (opened.kind !== "open") throw new Error(JSON.stringify(opened));
    expect(await adapter.chat.post({ place: opened.place, view: views.sentence, key: "k" })).toMatchObject({
      kind: "sent",
    });
    expect(world.state.messages.at(-1)).toMatchObject({ conversation: directPlace("slack", "ben").id });
  });

  const channel = () => {
    const place = findPlace("slack", "on-call");
    if (!place) throw new Error("the local Slack has no such channel");
    return place;
  };
  const shown = (id: string) => {
    const message = world.state.messages.find((one) => one.id === id);
    return message && plainText("", message.blocks);
  };
  async function said(): Promise<Place> {
    await slack.say({
      as: "robin",
      place: channel(),
      thread: null,
      text: "@Routebot status of R&D <shop-web>",
    });
    const place = received.at(-1)?.place;
    if (!place) throw new Error("the message did not arrive");
    return place;
  }
  async function card(view: View = views["approval-request"]) {
    const place = await said();
    const key = `card-${world.seq}`;
    const sent = await adapter.chat.post({ place, view, key });
    const message = world.state.messages.at(-1);
    if (sent.kind !== "sent" || !message) throw new Error(`not sent: ${JSON.stringify(sent)}`);
    return { place, message, key, ref: sent.ref };
  }

  it("tells what was said, by whom and where", async () => {
    await said();
    expect(received.at(-1)).toMatchObject({
      kind: "message",
      text: "status of R&D <shop-web>",
      actor: { account: { tenant: slackWorkspace.teamId }, displayName: expect.stringMatching(/^Robin/) },
      place: { kind: "channel", conversation: channel().id, thread: expect.any(String) },
    });
  });

  it.each(Object.entries<View>(views))("takes the view %s", async (_, view) => {
    const { message } = await card(view);
    for (const word of view.title?.split(/\s+/).slice(0, 2) ?? []) {
      expect(shown(message.id)).toContain(word.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
    }
  });

  it("shows a change of a card, and finds the card by its key", async () => {
    const { place, message, key, ref } = await card();
    expect(await adapter.chat.update({ place, ref, view: views.confirmed })).toEqual({ kind: "sent", ref });
    expect(shown(message.id)).toContain("CR-12 is done");
    expect(await adapter.chat.lookUp(place, key)).toEqual({ kind: "found", ref });
  });

  it("acknowledges a click and shows its notice to one person", async () => {
    const { message } = await card();
    reply = { kind: "notice", text: "You asked for this change yourself." };
    const key = message.blocks.findIndex(({ type }) => type === "actions");
    const clicked = await slack.click({ as: "robin", message, key: `${key}.elements.0`, inputs: {} });
    reply = { kind: "accepted" };
    expect(clicked).toMatchObject({ acknowledged: true, problem: null });
    const notice = world.state.messages.at(-1);
    expect(notice).toMatchObject({ audience: ["robin"], thread: message.thread });
    expect(shown(notice?.id ?? "")).toBe("You asked for this change yourself.");
  });

  it("opens the form of a button and sends what was typed", async () => {
    const { message } = await card();
    const key = message.blocks.findIndex(({ type }) => type === "actions");
    const clicked = await slack.click({ as: "ana", message, key: `${key}.elements.1`, inputs: {} });
    if (!clicked.modal) throw new Error("no form was opened");
    const submitted = await slack.submit(clicked.modal, { answer: "freeze until <Monday>" });
    expect(submitted).toMatchObject({ acknowledged: true, problem: null, modal: { state: "closed" } });
    expect(received.at(-1)).toMatchObject({
      kind: "click",
      verb: "reject",
      target: "9Yl3vX0qk2mB7nT4",
      input: "freeze until <Monday>",
    });
  });

  it("shows the acknowledgement of a command to one person", async () => {
    const { problem } = await slack.say({
      as: "ana",
      place: channel(),
      thread: null,
      text: "/routebot status of R&D",
    });
    expect(problem).toBeNull();
    expect(received.at(-1)).toMatchObject({ kind: "message", text: "status of R&D" });
    const notice = world.state.messages.at(-1);
    expect(notice?.audience).toEqual(["ana"]);
    expect(shown(notice?.id ?? "")).toContain("/routebot status of R&D");
  });
});
