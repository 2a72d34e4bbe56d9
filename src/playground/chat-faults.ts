/** Faults of the chat services, to order: what the bot must survive when it calls Teams or Slack. */
import { z } from "zod";
import type { Answer, Call, LoopbackServer } from "./http/loopback-server.ts";
import { type Platform, platformSchema } from "./places.ts";

export const chatFaultKinds = [
  /** With `seconds`, connections are refused; else the connection breaks before the request is looked at. */
  "unreachable",
  /** 429 with Retry-After. */
  "throttled",
  /** 502 in Teams, 500 in Slack; nothing is done. */
  "server-error",
  /** The request is carried out, and then the connection breaks: the caller cannot know. */
  "reset-after-receipt",
  /** The request is carried out after a delay. */
  "slow",
] as const;

export const chatFaultOrderSchema = z.object({
  platform: platformSchema,
  kind: z.enum(chatFaultKinds),
  /**
   * Which requests: Teams `send`, `update`, `delete`, `create`, `read`; Slack the method's name (`chat.update`).
   * Without it, all of them.
   */
  operation: z.string().optional(),
  /** For how many requests; without `times` and `seconds`, for one. */
  times: z.int().min(1).max(10_000).optional(),
  /** For how long, in seconds from now. */
  seconds: z.number().positive().max(3600).optional(),
  retryAfterSeconds: z.int().min(0).max(600).default(1),
  delayMs: z.int().min(0).max(60_000).default(2_000),
});
export type ChatFaultOrder = z.input<typeof chatFaultOrderSchema>;

export const chatFaultSchema = chatFaultOrderSchema.extend({
  id: z.int(),
  /** How many requests it still hits; null while it lasts for a time. */
  left: z.int().nullable(),
  until: z.iso.datetime().nullable(),
});
export type ChatFault = z.infer<typeof chatFaultSchema>;

export interface ChatFaults {
  order(order: ChatFaultOrder): ChatFault;
  /** The fault that hits this request, counted as used. */
  take(platform: Platform, operation: string): ChatFault | undefined;
  all(): readonly ChatFault[];
  /** Calls back when a fault is ordered or all are withdrawn. */
  onChange(listener: () => void): void;
  clear(): void;
}

export function createChatFaults(now: () => Date): ChatFaults {
  let faults: ChatFault[] = [];
  let last = 0;
  const listeners: (() => void)[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const live = () => {
    faults = faults.filter(
      (f) => f.left !== 0 && (f.until === null || Date.parse(f.until) > now().getTime()),
    );
    return faults;
  };
  return {
    order(order) {
      const parsed = chatFaultOrderSchema.parse(order);
      last += 1;
      const { seconds, times } = parsed;
      const until = seconds === undefined ? null : new Date(now().getTime() + seconds * 1000).toISOString();
      const fault = { ...parsed, id: last, left: times ?? (seconds === undefined ? 1 : null), until };
      faults.push(fault);
      tell();
      return fault;
    },
    take(platform, operation) {
      const fault = live().find(
        (f) => f.platform === platform && (f.operation === undefined || f.operation === operation),
      );
      if (fault !== undefined && fault.left !== null) fault.left -= 1;
      return fault;
    },
    all: () => live(),
    onChange: (listener) => void listeners.push(listener),
    clear: () => {
      faults = [];
      tell();
    },
  };
}

/** Makes the service refuse connections while an order says that it is unreachable for a time. */
export function refuseWhenAway(
  { faults, now }: { readonly faults: ChatFaults; readonly now: () => Date },
  platform: Platform,
  server: Pick<LoopbackServer, "refuseFor">,
): void {
  faults.onChange(() => {
    const ends = faults
      .all()
      .filter((one) => one.platform === platform && one.kind === "unreachable" && one.operation === undefined)
      .map(({ until }) => (until === null ? 0 : Date.parse(until) - now().getTime()));
    server.refuseFor(Math.max(0, ...ends));
  });
}

export interface FaultyRequest {
  readonly fault: ChatFault | undefined;
  readonly call: Call;
  /** The service's own 429 and 5xx bodies. */
  readonly throttled: (retryAfterSeconds: number) => Answer;
  readonly broken: () => Answer;
  readonly carryOut: () => Answer | Promise<Answer>;
}

/** Carries a request out as the fault has it. */
export async function underFault(request: FaultyRequest): Promise<Answer | "taken"> {
  const { fault, call, carryOut } = request;
  if (fault === undefined) return carryOut();
  switch (fault.kind) {
    case "unreachable":
      call.request.socket.destroy();
      return "taken";
    case "throttled":
      return request.throttled(fault.retryAfterSeconds);
    case "server-error":
      return request.broken();
    case "reset-after-receipt":
      await carryOut();
      call.request.socket.destroy();
      return "taken";
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return carryOut();
    default:
      return fault.kind satisfies never;
  }
}
