/** `response_url`: an address to answer a command or a click, five times within half an hour, without a token. */
import { z } from "zod";
import { jsonOrText } from "../deliveries.ts";
import type { Answer, Route } from "../http/loopback-server.ts";
import type { PersonId } from "../people.ts";
import type { Place } from "../places.ts";
import type { Message } from "../world/world-model.ts";
import { checkContent } from "./message-methods.ts";
import type { SlackContext } from "./slack-context.ts";

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const limits = { uses: 5, minutes: 30 } as const;

const answerSchema = z.looseObject({
  response_type: z.enum(["ephemeral", "in_channel"]).default("ephemeral"),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});

interface Target {
  readonly as: PersonId;
  readonly place: Place;
  /** The message whose button was clicked; none for a command. */
  readonly message?: Message;
}

export interface ResponseUrls {
  issue(target: Target): string;
  /** Shows an answer that came back in the acknowledgement itself. */
  show(target: Target, answer: unknown): Answer;
  readonly route: Route;
}

export function createResponseUrls(context: SlackContext, baseUrl: () => string): ResponseUrls {
  const issued = new Map<string, { target: Target; uses: number; until: number }>();

  function show({ as, place, message }: Target, answer: unknown): Answer {
    const parsed = answerSchema.safeParse(answer);
    if (!parsed.success) return { status: 400, bytes: "invalid_payload" };
    const { response_type, replace_original, delete_original, thread_ts } = parsed.data;
    if (delete_original && message !== undefined) {
      context.world.remove(message);
      return { status: 200, bytes: "ok" };
    }
    const content = checkContent(context, parsed.data);
    if ("status" in content) return { status: 400, json: content.json };
    if (replace_original && message !== undefined) {
      context.world.revise(message, { ...content, cards: [] });
    } else {
      context.world.post({
        platform: "slack",
        conversation: place.id,
        id: context.ids.ts(),
        thread: thread_ts ?? message?.thread ?? null,
        author: { kind: "bot" },
        ...content,
        audience: response_type === "ephemeral" ? [as] : null,
      });
    }
    return { status: 200, bytes: "ok" };
  }

  return {
    show,
    issue(target) {
      const id = context.ids.id("R");
      const until = context.now().getTime() + limits.minutes * 60_000;
      issued.set(id, { target, uses: 0, until });
      return `${baseUrl()}/actions/${id}`;
    },
    route: {
      method: "POST",
      path: "/actions/:id",
      handle(call) {
        const entry = issued.get(call.params.id ?? "");
        if (entry === undefined || context.now().getTime() > entry.until)
          return { status: 404, bytes: "expired_url" };
        entry.uses += 1;
        if (entry.uses > limits.uses) return { status: 404, bytes: "used_url" };
        return show(entry.target, jsonOrText(call.body));
      },
    },
  };
}
