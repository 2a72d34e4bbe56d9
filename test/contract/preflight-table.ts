import type { RefusalCode } from "../../src/domain/failure.ts";
import type { FlagValues } from "../../src/domain/routing/routing-flag.ts";
import type { SiteState } from "./site-state.ts";

/** The checks before a card, each with what has to come of it. */
export const checks = [
  "Regional integration",
  "Gateway-required",
  "SKU",
  "ASE (Isolated)",
  "Flex Consumption",
  "Consumption",
  "Container",
  "Content share",
  "Ports",
  "Subnet",
  "Site state",
  "Slots",
] as const;

export type PreflightCase = {
  readonly check: (typeof checks)[number];
  readonly name: string;
  readonly state: SiteState;
  readonly set: FlagValues;
  /** The refusal, or the remarks that have to be on the card; `without` are those that must not. */
  readonly expected:
    | { readonly refused: RefusalCode; readonly words: RegExp }
    | { readonly notes: readonly string[]; readonly without?: readonly string[] };
};

const app: FlagValues = { applicationTraffic: true };
const share: FlagValues = { contentShareTraffic: true };
const image: FlagValues = { imagePullTraffic: true };

export const preflight: readonly PreflightCase[] = [
  {
    check: "Regional integration",
    name: "is there",
    state: {},
    set: app,
    expected: { notes: ["impact-application-traffic"] },
  },
  {
    check: "Regional integration",
    name: "is missing, and what to do is said",
    state: { integration: "none" },
    set: app,
    expected: { refused: "not-integrated", words: /add virtual network integration/ },
  },
  {
    check: "Gateway-required",
    name: "is told apart from none, with its end",
    state: { integration: "gateway" },
    set: app,
    expected: { refused: "not-applicable", words: /gateway-required.*31 March 2027/ },
  },
  ...["Basic", "Standard", "Premium", "PremiumV2", "PremiumV3", "PremiumV4", "ElasticPremium"].map(
    (sku): PreflightCase => ({
      check: "SKU",
      name: `${sku} can join a network`,
      state: { sku },
      set: app,
      expected: { notes: [] },
    }),
  ),
  ...["Free", "Shared"].map(
    (sku): PreflightCase => ({
      check: "SKU",
      name: `${sku} cannot`,
      state: { sku, integration: "none" },
      set: app,
      expected: { refused: "not-applicable", words: /scale the plan to Basic/ },
    }),
  ),
  {
    check: "ASE (Isolated)",
    name: "is inside a network already",
    state: { integration: "environment", sku: "IsolatedV2" },
    set: app,
    expected: { refused: "not-applicable", words: /App Service Environment/ },
  },
  {
    check: "Flex Consumption",
    name: "does not take the flags",
    state: { sku: "FlexConsumption", app: "function" },
    set: app,
    expected: { refused: "not-applicable", words: /Flex Consumption/ },
  },
  {
    check: "Consumption",
    name: "cannot join a network, nor pull images",
    state: { sku: "Dynamic", integration: "none", app: "function" },
    set: image,
    expected: { refused: "not-applicable", words: /Elastic Premium/ },
  },
  {
    check: "Container",
    name: "on Linux needs no warning",
    state: { container: "linux" },
    set: image,
    expected: { notes: ["takes-effect-at-next-start"], without: ["no-container", "windows-container"] },
  },
  {
    check: "Container",
    name: "on Windows may not pull",
    state: { container: "windows" },
    set: image,
    expected: { notes: ["windows-container"] },
  },
  {
    check: "Container",
    name: "is none: nothing to pull",
    state: {},
    set: image,
    expected: { notes: ["no-container"] },
  },
  {
    check: "Container",
    name: "of Docker Compose does not work with integration",
    state: { container: "compose" },
    set: app,
    expected: { refused: "not-applicable", words: /Docker Compose/ },
  },
  {
    check: "Content share",
    name: "of a function app",
    state: { app: "function", sku: "ElasticPremium", contentShare: true },
    set: share,
    expected: { notes: ["content-share-ports", "takes-effect-at-next-start"], without: ["no-content-share"] },
  },
  {
    check: "Content share",
    name: "of a logic app",
    state: { app: "workflow", sku: "WorkflowStandard", contentShare: true },
    set: share,
    expected: { notes: ["content-share-ports"], without: ["no-content-share"] },
  },
  {
    check: "Content share",
    name: "of a web app is none: no effect expected",
    state: {},
    set: share,
    expected: { notes: ["no-content-share"] },
  },
  {
    check: "Content share",
    name: "of a function app whose settings are not readable is not guessed at",
    state: { app: "function", sku: "ElasticPremium", settingsDenied: true },
    set: share,
    expected: { notes: ["content-share-ports"], without: ["no-content-share"] },
  },
  {
    check: "Ports",
    name: "are open",
    state: { app: "function", sku: "ElasticPremium", contentShare: true },
    set: share,
    expected: { notes: [], without: ["content-share-port-denied", "content-share-port-depends"] },
  },
  {
    check: "Ports",
    name: "are closed by the subnet's rules",
    state: { app: "function", sku: "ElasticPremium", contentShare: true, integration: "port-445-denied" },
    set: share,
    expected: { notes: ["content-share-port-denied"] },
  },
  {
    check: "Ports",
    name: "behind an appliance cannot be checked",
    state: { app: "function", sku: "ElasticPremium", contentShare: true, integration: "default-route" },
    set: share,
    expected: { notes: ["firewall-not-checked"] },
  },
  {
    check: "Ports",
    name: "are not readable",
    state: { app: "function", sku: "ElasticPremium", contentShare: true, integration: "unreadable" },
    set: share,
    expected: { notes: ["subnet-not-readable"] },
  },
  {
    check: "Subnet",
    name: "with a route to an appliance, and a managed identity",
    state: { integration: "default-route", managedIdentity: true },
    set: { allTraffic: true },
    expected: { notes: ["tokens-behind-appliance"] },
  },
  {
    check: "Subnet",
    name: "without such a route, and a managed identity",
    state: { managedIdentity: true },
    set: { allTraffic: true },
    expected: { notes: [], without: ["tokens-behind-appliance"] },
  },
  {
    check: "Site state",
    name: "stopped is no obstacle",
    state: { runs: "Stopped" },
    set: app,
    expected: { notes: [] },
  },
  {
    check: "Site state",
    name: "with an operation in progress waits",
    state: { operationInProgress: "9b1d2f7c-63c5-4e0e-a1a5-5b8c8d2f4e70" },
    set: app,
    expected: { refused: "operation-in-progress", words: /ask again/ },
  },
  {
    check: "Site state",
    name: "under a perimeter: routing cannot be turned off",
    state: { perimeter: true, flags: { applicationTraffic: true } },
    set: { applicationTraffic: false },
    expected: { refused: "perimeter-enforced", words: /perimeter/ },
  },
  {
    check: "Site state",
    name: "under a perimeter: turning on is no obstacle",
    state: { perimeter: true },
    set: app,
    expected: { notes: [] },
  },
];
