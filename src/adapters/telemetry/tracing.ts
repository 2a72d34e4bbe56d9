import type { About, Step } from "../../ports/telemetry.ts";
import type { TracePlace } from "./trail.ts";

/** One step as it is told to whoever collects traces. */
export type Span = {
  readonly place: TracePlace;
  end(result: string, error?: unknown): void;
};

export type SpanStart = {
  readonly step: Step;
  readonly parent: TracePlace | undefined;
  readonly because: TracePlace | undefined;
  readonly about: About | undefined;
};

export type StartSpan = (start: SpanStart) => Span;

export type Tracing = {
  readonly startSpan: StartSpan;
  /** Sends what is left, for at most `withinMs`. */
  close(withinMs: number): Promise<void>;
};

export type TracingSettings =
  /** `url`: where spans are posted. */
  | { readonly kind: "otlp"; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: "azure-monitor"; readonly connectionString: string; readonly signIn: boolean };

/** How our identity signs in to Azure Monitor, where it has to. */
export type Credential = {
  getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number } | null>;
};
