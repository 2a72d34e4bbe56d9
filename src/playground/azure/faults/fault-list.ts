import type { Fault, FaultMatch, ParsedFaultOrder } from "./fault.ts";
import { isForWritesOnly } from "./fault.ts";

/** An order with what is left of it. */
export interface OpenFault {
  readonly id: number;
  readonly match: FaultMatch;
  readonly fault: Fault;
  /** Null: until withdrawn. */
  readonly remaining: number | null;
  /** How many requests got it. */
  readonly met: number;
}

/** What a fault is compared with. */
export interface FaultCandidate {
  readonly method: string;
  readonly path: string;
  /** `name` or `name/slot`; null when the request is not about one site. */
  readonly site: string | null;
  readonly route: string | null;
}

/** The ordered faults, first match first. Used-up orders stay listed with `remaining: 0` until they are replaced. */
export interface FaultList {
  list(): readonly OpenFault[];
  replace(orders: readonly ParsedFaultOrder[]): void;
  add(orders: readonly ParsedFaultOrder[]): void;
  clear(): void;
  /** Takes the fault for this request, counting it. */
  take(candidate: FaultCandidate): Fault | null;
}

export function makeFaultList(onChange: () => void): FaultList {
  let faults: OpenFault[] = [];
  let lastId = 0;
  const opened = (orders: readonly ParsedFaultOrder[]) =>
    orders.map((order) => {
      lastId += 1;
      return { id: lastId, match: order.match, fault: order.fault, remaining: order.times, met: 0 };
    });
  return {
    list: () => faults,
    replace(orders) {
      faults = opened(orders);
      onChange();
    },
    add(orders) {
      faults = [...faults, ...opened(orders)];
      onChange();
    },
    clear() {
      faults = [];
      onChange();
    },
    take(candidate) {
      const index = faults.findIndex((one) => one.remaining !== 0 && meets(one, candidate));
      const found = faults[index];
      if (found === undefined) return null;
      const remaining = found.remaining === null ? null : found.remaining - 1;
      faults = faults.with(index, { ...found, remaining, met: found.met + 1 });
      onChange();
      return found.fault;
    },
  };
}

function meets(one: OpenFault, candidate: FaultCandidate): boolean {
  const { match, fault } = one;
  const isWrite = candidate.method === "PUT" || candidate.method === "PATCH";
  if (isForWritesOnly(fault) && !isWrite) return false;
  if (match.method !== undefined && match.method !== candidate.method) return false;
  if (match.path !== undefined && !new RegExp(match.path, "i").test(candidate.path)) return false;
  if (match.site !== undefined && match.site.toLowerCase() !== candidate.site?.toLowerCase()) return false;
  return match.route === undefined || match.route.toLowerCase() === candidate.route?.toLowerCase();
}
