import type { Clicked, ControlClient, SeenMessage } from "../../../src/cli/tour/control-client.ts";
import { flagTitles, routingFlags } from "../../../src/domain/routing/routing-flag.ts";

/** What can go wrong with a bot that is shown round, and with which words the tour has to notice it. */
export const faults = [
  ["no card", "The approval card did not come"],
  ["card without buttons", "no buttons to decide"],
  ["already routed", "already routed before anybody asked"],
  ["click not taken", "click was not taken"],
  ["self-approval accepted in silence", "not refused with a reason"],
  ["self-approval changes the site", "changed by a refused approval"],
  ["no confirmation", "The confirmation did not come"],
  ["confirmation without approver", "does not name who approved"],
  ["confirmation of another state", "not what Azure holds"],
  ["confirmation that leaves a flag out", "does not say whether contentShareTraffic"],
  ["site not changed", "application traffic should be true"],
  ["card keeps its buttons", "still has buttons"],
  ["card does not say how it ended", 'does not say "Ben"'],
  ["no form", "form that asks why did not open"],
  ["form not taken", "form was not taken"],
  ["no rejection", "The rejection did not come"],
  ["rejection changes the site", "application traffic should be false"],
  ["no status", "The status did not come"],
  ["status of another state", "not what Azure holds"],
] as const;
export type Fault = (typeof faults)[number][0];

/** A playground that answers as a good bot would, but for one fault. */
export function scriptedPlayground(fault?: Fault): ControlClient {
  const routed: Record<string, boolean> = { "app-x": fault === "already routed", "app-y": false };
  const cards = new Map<string, { id: string; site: string; requester: string; ended?: string }>();
  let lastTeller = "";
  let asked = "";

  const message = (words: string, buttons: readonly string[] = []): SeenMessage => ({
    id: "m1",
    thread: "t1",
    ephemeral: false,
    sentAt: "2026-11-22T12:00:00.000Z",
    buttons: [...buttons],
    words,
  });
  const settings = (site: string, lie: boolean, leaveOut = false) =>
    routingFlags
      .filter((flag) => !(leaveOut && flag === "contentShareTraffic"))
      .map((flag) => {
        const on = flag === "applicationTraffic" && routed[site] === true;
        return `${flagTitles[flag]}  ${on !== lie ? "on" : "off"}  public`;
      })
      .join("\n");

  /** What each platform's request leads to, in the order in which the tour asks for it. */
  const siteOf = (platform: string) => (platform === "teams" ? "app-x" : "app-y");

  return {
    async say(at, text) {
      asked = text;
      if (!text.includes("status")) {
        const site = siteOf(at.platform);
        cards.set(at.platform, { id: at.platform === "teams" ? "CR-1" : "CR-2", site, requester: at.as });
      }
      return { seq: 1, message: message(text), problem: null };
    },

    async click(at, _messageId, action) {
      const card = cards.get(at.platform);
      const clicked = {
        seq: 2,
        delivery: { attempts: [] },
        acknowledged: fault !== "click not taken",
        problem: null,
      };
      const answer = (words: string): Clicked => ({ ...clicked, message: message(words), modal: null });
      if (card === undefined) throw new Error("no card");
      if (action === "Reject") {
        const form = fault === "no form" ? null : { id: "f1", inputs: [{ id: "why" }] };
        return { ...answer("Waiting for approval"), modal: form };
      }
      if (at.as === card.requester) {
        if (fault === "self-approval changes the site") routed[card.site] = true;
        lastTeller =
          fault === "self-approval accepted in silence"
            ? ""
            : "You asked for it yourself, so somebody else decides.";
        return answer(
          at.platform === "teams" ? `Waiting for approval\n${lastTeller}` : "Waiting for approval",
        );
      }
      card.ended = "Done. Approved by Ben Becker";
      if (fault !== "site not changed") routed[card.site] = true;
      return answer(card.ended);
    },

    async submit(_as, _modalId, values) {
      const card = cards.get("slack");
      if (card !== undefined) card.ended = `Rejected by Ana Alvarez. Why: ${values.why}`;
      if (fault === "rejection changes the site") routed["app-y"] = true;
      return { seq: 3, acknowledged: fault !== "form not taken", problem: null };
    },

    async waitForMessage(at, { contains = "", id }) {
      const card = cards.get(at.platform);
      if (card === undefined) return undefined;
      if (id !== undefined) {
        const words = fault === "card does not say how it ended" ? `${contains} ?` : (card.ended ?? "");
        return message(words, fault === "card keeps its buttons" ? ["Approve"] : []);
      }
      if (contains === "Waiting for approval") {
        if (fault === "no card") return undefined;
        return message(
          `${card.id}: Waiting for approval`,
          fault === "card without buttons" ? [] : ["Approve", "Reject"],
        );
      }
      if (contains === "yourself") return lastTeller === "" ? undefined : message(lastTeller);
      if (contains === "Settings of") {
        if (fault === "no confirmation") return undefined;
        const who = fault === "confirmation without approver" ? "" : "Approved by Ben Becker, ";
        const lie = fault === "confirmation of another state";
        const shown = settings(card.site, lie, fault === "confirmation that leaves a flag out");
        return message(`${card.id}: ${who}read back from Azure\nSettings of app-x:\n${shown}`);
      }
      if (asked.includes("status")) {
        return fault === "no status"
          ? undefined
          : message(settings("app-y", fault === "status of another state"));
      }
      return fault === "no rejection" ? undefined : message(`${card.id}: ${card.ended}`);
    },

    waitForForm: async () => undefined,
    site: async (name) => ({ name, routing: { applicationTraffic: routed[name] === true } }),
    changeSite: () => Promise.reject(new Error("the tour changes nothing behind anybody's back")),
    azureRequests: async () => [],
  };
}
