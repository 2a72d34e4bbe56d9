import type { Clicked, ControlClient, Expected, SeenMessage, Standing } from "./control-client.ts";
import { differencesBetween, storedSettingsIn } from "./resulting-settings.ts";
import type { Transcript } from "./transcript.ts";

/** Something that the tour promises was not seen. */
export class NotSeen extends Error {
  override readonly name = "NotSeen";
}

/** Plays the main job in both chats and rejects with {@link NotSeen} at the first step that does not go as it should. */
export async function playStory(control: ControlClient, transcript: Transcript): Promise<void> {
  const story = createSteps(control, transcript);
  await story.teams();
  await story.slack();
}

function createSteps(control: ControlClient, transcript: Transcript) {
  const names: Readonly<Record<string, string>> = { robin: "Robin", ana: "Ana", ben: "Ben" };
  const nameOf = (id: string) => names[id] ?? id;

  /** Somebody writes to the bot. */
  async function ask(at: Standing, text: string) {
    transcript.says(nameOf(at.as), text);
    const said = await control.say(at, text);
    must(said.problem === null && said.message !== null, `The message was not taken: ${said.problem}`);
    return { after: said.seq, thread: said.message?.thread ?? said.message?.id ?? "" };
  }

  /** What the bot says, as the person at `at` sees it. */
  async function hear(at: Standing, what: string, expected: Expected): Promise<SeenMessage> {
    const message = await control.waitForMessage(at, expected);
    if (message === undefined) throw new NotSeen(`${what} did not come.`);
    transcript.says(message.ephemeral ? `(to ${nameOf(at.as)})` : "Routebot", message.words);
    return message;
  }

  async function click(at: Standing, card: SeenMessage, title: string): Promise<Clicked> {
    transcript.does(nameOf(at.as), `clicks [${title}]`);
    const clicked = await control.click(at, card.id, title);
    must(clicked.problem === null && clicked.acknowledged, `The click was not taken: ${clicked.problem}`);
    return clicked;
  }

  /** Asks for a change and returns the card that asks for approval. */
  async function request(at: Standing, site: string, text: string) {
    const before = await control.site(site);
    must(before.routing.applicationTraffic === false, `${site} is already routed before anybody asked.`);
    const { after, thread } = await ask(at, text);
    const card = await hear(at, "The approval card", { after, thread, contains: "Waiting for approval" });
    const { buttons } = card;
    // In Teams whoever asked may be shown a card that they can only cancel.
    const isOpen = buttons.includes("Approve") || buttons.includes("Cancel request");
    must(isOpen, "The card has no buttons to decide or cancel.");
    const [id] = /\bCR-\d+\b/.exec(card.words) ?? [];
    if (id === undefined) throw new NotSeen("The card names no change request.");
    return { card, id, thread };
  }

  /** The card as everybody sees it after the decision: it says how it ended, and nothing can be clicked any more. */
  async function cardIsClosed(at: Standing, card: SeenMessage, words: readonly string[]): Promise<void> {
    const [first = ""] = words;
    const closed = await control.waitForMessage(at, { after: 0, id: card.id, contains: first });
    if (closed === undefined) throw new NotSeen(`The card does not say "${first}".`);
    for (const word of words) must(closed.words.includes(word), `The card does not say "${word}".`);
    must(closed.buttons.length === 0, "The card still has buttons.");
    transcript.checked(
      `${nameOf(at.as)} sees the card closed, without buttons, with "${words.join('" and "')}"`,
    );
  }

  return {
    /** Request, self-approval refused, approval by somebody else, confirmation. */
    async teams(): Promise<void> {
      const ana = { platform: "teams", conversation: "on-call", as: "ana" } as const;
      const ben = { ...ana, as: "ben" } as const;
      transcript.place("Microsoft Teams, channel on-call");
      const { card, id, thread } = await request(ana, "app-x", "@Routebot route all traffic for app-x");

      const own = await click(ana, card, "Approve");
      await refusalOf(ana, own);
      const untouched = await control.site("app-x");
      must(untouched.routing.applicationTraffic === false, "The site was changed by a refused approval.");
      transcript.checked("refused: nobody approves their own request; the site is as before");

      const { seq } = await click(ben, card, "Approve");
      const confirmation = await hear(ben, "The confirmation", {
        after: seq,
        thread,
        // The card says "read back from Azure" as well, and may be drawn first.
        contains: "Settings of",
      });
      must(confirmation.words.includes(id), "The confirmation does not name the request.");
      must(confirmation.words.includes("Ben"), "The confirmation does not name who approved.");
      await cardIsClosed(ana, card, ["Done.", "Ben"]);
      await azureAgrees("app-x", confirmation, true);
    },

    /** The same in Slack, rejected; then the status. */
    async slack(): Promise<void> {
      const robin = { platform: "slack", conversation: "on-call", as: "robin" } as const;
      const ana = { ...robin, as: "ana" } as const;
      transcript.place("Slack, channel on-call");
      const { card, id, thread } = await request(robin, "app-y", "@Routebot route all traffic for app-y");

      const own = await click(robin, card, "Approve");
      await refusalOf(robin, own);
      transcript.checked("refused here too");

      const clicked = await click(ana, card, "Reject");
      const form = clicked.modal ?? (await control.waitForForm("ana", clicked.seq));
      const [input] = form?.inputs ?? [];
      if (form === undefined || input === undefined)
        throw new NotSeen("The form that asks why did not open.");
      const why = "Not during the release; ask again on Monday.";
      transcript.does("Ana", `fills in the form: ${why}`);
      const submitted = await control.submit("ana", form.id, { [input.id]: why });
      must(
        submitted.problem === null && submitted.acknowledged,
        `The form was not taken: ${submitted.problem}`,
      );
      const told = await hear(robin, "The rejection", { after: clicked.seq, thread, contains: why });
      must(told.words.includes(id), "The rejection does not name the request.");
      await cardIsClosed(robin, card, ["Rejected", "Ana", why]);

      const asked = await ask(robin, "@Routebot status of app-y");
      const status = await hear(robin, "The status", {
        after: asked.after,
        thread: asked.thread,
        contains: "app-y",
      });
      await azureAgrees("app-y", status, false);
    },
  };

  /** Teams answers the click with a view for that person; Slack tells them in a message that only they see. */
  async function refusalOf(at: Standing, clicked: Clicked): Promise<void> {
    const isRefusal = (line: string) => /\byourself\b.*\bsomebody else\b/.test(line);
    const atOnce = clicked.message.words.split("\n").find(isRefusal);
    const told =
      atOnce === undefined
        ? await control.waitForMessage(at, { after: clicked.seq, contains: "yourself" })
        : undefined;
    const refusal = atOnce ?? told?.words.split("\n").find(isRefusal);
    if (refusal === undefined) throw new NotSeen("The self-approval was not refused with a reason.");
    transcript.says(`(to ${nameOf(at.as)})`, refusal);
  }

  /** Compares what the bot said with what the local Azure holds, flag by flag. */
  async function azureAgrees(site: string, said: SeenMessage, routed: boolean): Promise<void> {
    const held = await control.site(site);
    const differences = differencesBetween(storedSettingsIn(said.words), held.routing);
    must(
      differences.length === 0,
      `What was said of ${site} is not what Azure holds: ${differences.join("; ")}.`,
    );
    must(held.routing.applicationTraffic === routed, `${site}: application traffic should be ${routed}.`);
    transcript.checked(
      `the local Azure holds exactly what was said: ${site} has applicationTraffic ${routed}, and every other flag as shown`,
    );
  }
}

function must(condition: boolean, otherwise: string): void {
  if (!condition) throw new NotSeen(otherwise);
}
