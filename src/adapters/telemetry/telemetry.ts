import { AsyncLocalStorage } from "node:async_hooks";
import type { LogFields } from "../../ports/log.ts";
import type { About, Telemetry } from "../../ports/telemetry.ts";
import type { Metrics } from "./metrics.ts";
import type { StartSpan } from "./tracing.ts";
import { nextPlace, readTrail, type TracePlace, writeTrail } from "./trail.ts";

type Current = { readonly place: TracePlace; readonly about: About };

const current = new AsyncLocalStorage<Current | undefined>();

/** What each line of the log has of the story that it belongs to: `trace`, and the ids that its steps are about. */
export function storyFields(): LogFields {
  const here = current.getStore();
  return here === undefined ? {} : { trace: here.place.trace, ...here.about };
}

export type Observers = {
  readonly metrics?: Metrics | undefined;
  readonly startSpan?: StartSpan | undefined;
};

/**
 * Keeps the current story beside the running code, and tells metrics and traces of each step. Without either it still ties log
 * lines and jobs together.
 */
export function createTelemetry({ metrics, startSpan }: Observers): Telemetry {
  return {
    async step(step, { about, from, because, result }, work) {
      const outer = from === undefined ? current.getStore() : undefined;
      const parent = outer?.place ?? readTrail(from);
      const span = startSpan?.({ step, parent, because: readTrail(because), about });
      const here = { place: span?.place ?? nextPlace(parent), about: { ...outer?.about, ...about } };
      const began = performance.now();
      const ended = (word: string, error?: unknown) => {
        metrics?.step(step, word, (performance.now() - began) / 1000);
        span?.end(word, error);
      };
      try {
        const value = await current.run(here, work);
        ended(result?.(value) ?? "done");
        return value;
      } catch (error) {
        ended("error", error);
        throw error;
      }
    },
    apart: (work) => current.run(undefined, work),
    trail() {
      const here = current.getStore();
      return here && writeTrail(here.place);
    },
    waited: (wait, ms) => metrics?.wait(wait, ms / 1000),
  };
}
