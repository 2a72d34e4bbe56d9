/** What is measured, besides the gauges of the store and of readiness. docs/operations.md lists every one. */

export const histograms = {
  receive: {
    name: "routebot_inbound_seconds",
    help: "Messages and clicks, from authenticated to stored or answered.",
    labels: ["platform", "kind", "result"],
  },
  answer: {
    name: "routebot_acknowledgement_seconds",
    help: "POST requests, from their arrival to the end of the answer.",
    labels: ["route", "result"],
  },
  job: { name: "routebot_job_seconds", help: "Runs of jobs.", labels: ["kind", "result"] },
  routing: {
    name: "routebot_routing_seconds",
    help: "Questions and orders to the routing service; write and verify are the steps of a change.",
    labels: ["operation", "result"],
  },
  arm: {
    name: "routebot_arm_request_seconds",
    help: "Requests to Azure Resource Manager, each try.",
    labels: ["method", "urgency", "result"],
  },
  budget: {
    name: "routebot_arm_budget_wait_seconds",
    help: "How long requests to Azure waited for the request budget.",
    labels: ["urgency"],
  },
  send: {
    name: "routebot_chat_seconds",
    help: "Calls of the chats.",
    labels: ["platform", "operation", "result"],
  },
} as const;

export const counters = {
  ended: {
    name: "routebot_changes_ended_total",
    help: "Change requests that ended, by state and, for failed ones, the outcome of the last step.",
    labels: ["state", "outcome"],
  },
  recorded: {
    name: "routebot_audit_events_total",
    help: "Events written into the audit, by kind.",
    labels: ["kind"],
  },
  events: {
    name: "routebot_log_events_total",
    help: "Warnings and errors in the log, by event.",
    labels: ["level", "event"],
  },
} as const;

export const buildInfo = {
  name: "routebot_build_info",
  help: "Always 1; the labels say what runs.",
  labels: ["version", "node", "store"],
} as const;
