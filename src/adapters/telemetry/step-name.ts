import type { Step } from "../../ports/telemetry.ts";

/** A name that tells steps of one kind apart, for people. */
export function nameOf(step: Step): string {
  switch (step.kind) {
    case "receive":
      return `receive ${step.what}`;
    case "job":
      return `job ${step.job}`;
    case "routing":
      return `routing ${step.operation}`;
    case "arm":
      return `arm ${step.method}`;
    case "send":
      return `${step.platform} ${step.operation}`;
    default:
      return step satisfies never;
  }
}
