/** Server-sent events: every change of the world, as one person sees it. */
import type { ServerResponse } from "node:http";
import type { PersonId } from "../people.ts";
import type { World } from "../world/world.ts";
import type { WorldChange } from "../world/world-model.ts";
import { isVisible, viewConversations, viewMessage, viewModal } from "../world/world-view.ts";
import type { BotState, ChangeView } from "./shapes.ts";

/** Comments keep the connection alive and make a dead one noticed. */
const heartbeatMs = 15_000;

export interface EventStream {
  readonly world: World;
  readonly as: PersonId;
  /** When later changes than this one have already happened, the stream begins with a `reset`. */
  readonly after: number;
  readonly bot: { state(): BotState };
  readonly onAzure: (listener: (event: { readonly kind: string }) => void) => () => void;
  readonly response: ServerResponse;
}

/** `change` events of the world, and `azure` events as the local Azure tells them (a request, a site, the faults). */
export function streamEvents({ world, as, after, bot, onAzure, response }: EventStream): void {
  response.statusCode = 200;
  response.setHeader("content-type", "text/event-stream; charset=utf-8");
  response.setHeader("cache-control", "no-store");
  response.flushHeaders();
  const send = (change: ChangeView) => {
    response.write(`id: ${change.seq}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
  };
  if (world.seq > after) send({ kind: "reset", seq: world.seq });
  const stop = world.listen((change) => {
    const view = viewChange(change, { world, as, bot });
    if (view !== undefined) send(view);
  });
  const stopAzure = onAzure((event) => response.write(`event: azure\ndata: ${JSON.stringify(event)}\n\n`));
  const heartbeat = setInterval(() => response.write(": still here\n\n"), heartbeatMs);
  response.once("close", () => {
    stop();
    stopAzure();
    clearInterval(heartbeat);
  });
}

function viewChange(
  change: WorldChange,
  { world, as, bot }: Pick<EventStream, "world" | "as" | "bot">,
): ChangeView | undefined {
  const { seq } = change;
  switch (change.kind) {
    case "message": {
      if (!isVisible(change.message, as)) return undefined;
      const conversations = viewConversations(world, as);
      return { kind: "message", seq, message: viewMessage(change.message, as), conversations };
    }
    case "modal":
      return change.modal.person === as ? { kind: "modal", seq, modal: viewModal(change.modal) } : undefined;
    case "note":
      return { kind: "note", seq, note: change.note, bot: bot.state() };
    case "journal":
      return { kind: "journal", seq, entry: change.entry };
    case "audit":
      return { kind: "audit", seq, record: change.record };
    case "read":
      return change.person === as
        ? { kind: "read", seq, conversations: viewConversations(world, as) }
        : undefined;
    case "reset":
      return { kind: "reset", seq };
    default:
      return change satisfies never;
  }
}
