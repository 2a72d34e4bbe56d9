import type { ROUTING_FLAGS } from "../world/world.ts";
import type { GroupName, PlanName, SubnetName } from "./places.ts";

type Flag = (typeof ROUTING_FLAGS)[number];

/** What may differ between a site and its slots. */
export interface SlotSeed {
  /** Flags that are on. */
  readonly on?: readonly Flag[];
  readonly settings?: Readonly<Record<string, string>>;
  /** Subnet of the regional integration; null: not integrated. */
  readonly subnet?: SubnetName | null;
}

/** One site, said briefly: everything not said is that of an ordinary, integrated Linux web app with all flags off. */
export interface SiteSeed extends SlotSeed {
  readonly name: string;
  readonly group: GroupName;
  readonly plan: PlanName;
  readonly note: string;
  readonly kind?: string;
  readonly linuxFxVersion?: string;
  readonly windowsFxVersion?: string;
  readonly identity?: "SystemAssigned" | "UserAssigned";
  readonly tags?: Readonly<Record<string, string>>;
  /** Unique regional host name: `name-<hash>.<region>-01.azurewebsites.net`. */
  readonly hostHash?: string;
  readonly state?: "Running" | "Stopped";
  readonly publicNetworkAccess?: "Enabled" | "Disabled" | "SecuredByPerimeter";
  /** A slot swap that never ends. */
  readonly swapping?: boolean;
  readonly gateway?: boolean;
  readonly environment?: boolean;
  readonly flex?: boolean;
  readonly asyncPolls?: number;
  readonly stickySettings?: readonly string[];
  /** Keys in `outboundVnetRouting` that no version declares. */
  readonly extraRouting?: Readonly<Record<string, boolean>>;
  readonly slots?: Readonly<Record<string, SlotSeed>>;
}

const CONTENT_SHARE = {
  WEBSITE_CONTENTAZUREFILECONNECTIONSTRING:
    "DefaultEndpointsProtocol=https;AccountName=fernhillcontent;AccountKey=not-a-real-key",
  WEBSITE_CONTENTSHARE: "content-7d1f",
};

/** Every site of the playground: ordinary ones first, then one for each thing that can be special. */
export const SITES: readonly SiteSeed[] = [
  // ── rg-shop: the storefront ───────────────────────────────────────────────────────────────────────────────────────
  {
    name: "app-x",
    group: "rg-shop",
    plan: "plan-shop",
    note: "An ordinary site: integrated, every flag off.",
    slots: { staging: {} },
  },
  {
    name: "app-y",
    group: "rg-shop",
    plan: "plan-shop",
    note: "An ordinary site: integrated, every flag off.",
  },
  {
    name: "shop-web",
    group: "rg-shop",
    plan: "plan-shop",
    note: "An ordinary site whose staging slot already routes application traffic.",
    slots: { staging: { on: ["applicationTraffic"] } },
  },
  {
    name: "shop-api",
    group: "rg-shop",
    plan: "plan-shop",
    note: "An ordinary site with two slots; the canary slot is not integrated.",
    slots: { staging: { on: ["applicationTraffic", "imagePullTraffic"] }, canary: { subnet: null } },
  },
  {
    name: "shop-checkout",
    group: "rg-shop",
    plan: "plan-shop",
    note: "Application traffic is routed already: asking for it again changes nothing.",
    on: ["applicationTraffic"],
  },
  {
    name: "shop-search",
    group: "rg-shop",
    plan: "plan-shop",
    note: "allTraffic is on while every single flag reads false.",
    on: ["allTraffic"],
  },
  {
    name: "shop-legacy",
    group: "rg-shop",
    plan: "plan-shop-windows",
    note: "WEBSITE_VNET_ROUTE_ALL=1 while the property is off; in the staging slot it is sticky.",
    kind: "app",
    settings: { WEBSITE_VNET_ROUTE_ALL: "1" },
    stickySettings: ["WEBSITE_VNET_ROUTE_ALL"],
    slots: { staging: { settings: { WEBSITE_VNET_ROUTE_ALL: "1" } } },
  },
  {
    name: "shop-reviews",
    group: "rg-shop",
    plan: "plan-shop-windows",
    note: "WEBSITE_VNET_ROUTE_ALL=0: a legacy setting that says off.",
    kind: "app",
    settings: { WEBSITE_VNET_ROUTE_ALL: "0" },
  },
  {
    name: "shop-images",
    group: "rg-shop",
    plan: "plan-shop",
    note: "Linux container; WEBSITE_PULL_IMAGE_OVER_VNET=true while the property is off.",
    kind: "app,linux,container",
    linuxFxVersion: "DOCKER|fernhill.azurecr.io/shop-images:4.2.0",
    settings: {
      WEBSITE_PULL_IMAGE_OVER_VNET: "true",
      DOCKER_REGISTRY_SERVER_URL: "https://fernhill.azurecr.io",
    },
  },
  {
    name: "shop-blog",
    group: "rg-shop",
    plan: "plan-shop",
    note: "Docker Compose, which virtual network integration does not support.",
    kind: "app,linux,container",
    linuxFxVersion: "COMPOSE|dmVyc2lvbjogJzMnCg==",
  },
  {
    name: "shop-feed",
    group: "rg-shop",
    plan: "plan-shop",
    note: "Site containers (sidecars).",
    kind: "app,linux,container",
    linuxFxVersion: "SITECONTAINERS",
  },
  {
    name: "shop-reports",
    group: "rg-shop",
    plan: "plan-shop-windows",
    note: "Windows container.",
    kind: "app,container,windows",
    windowsFxVersion: "DOCKER|fernhill.azurecr.io/shop-reports:ltsc2022",
  },
  {
    name: "shop-fn",
    group: "rg-shop",
    plan: "plan-shop-functions",
    note: "Function app on Elastic Premium with a content share; the subnet's network security group blocks port 445.",
    kind: "functionapp",
    subnet: "functions",
    on: ["contentShareTraffic"],
    settings: { ...CONTENT_SHARE, WEBSITE_CONTENTOVERVNET: "1", FUNCTIONS_WORKER_RUNTIME: "node" },
    slots: { staging: { settings: { ...CONTENT_SHARE, FUNCTIONS_WORKER_RUNTIME: "node" } } },
  },
  {
    name: "shop-admin",
    group: "rg-shop",
    plan: "plan-shop",
    note: "Not integrated with a virtual network: flags have no effect.",
    subnet: null,
  },
  {
    name: "shop-partner",
    group: "rg-shop",
    plan: "plan-shop",
    note: "Tagged as managed by Terraform: a change made elsewhere would be undone or reported as drift.",
    tags: { "managed-by": "terraform", "terraform-workspace": "storefront-prod" },
  },
  {
    name: "shop-pay",
    group: "rg-shop",
    plan: "plan-shop",
    note: "A slot swap is in progress and does not end: every write is refused with 409.",
    swapping: true,
  },
  {
    name: "shop-mail",
    group: "rg-shop",
    plan: "plan-shop",
    note: "Writes are answered with 202 and are done after two polls.",
    asyncPolls: 2,
  },
  {
    name: "route-all",
    group: "rg-shop",
    plan: "plan-shop",
    note: "An ordinary site with a name made of command words.",
  },
  {
    name: "orders-api",
    group: "rg-shop",
    plan: "plan-shop",
    note: "The same name exists in rg-shop-dev; only the hashed host names differ.",
    hostHash: "c3f7g2a9hqd4e5bz",
  },
  // ── rg-platform: app settings cannot be listed here ───────────────────────────────────────────────────────────────
  {
    name: "platform-auth",
    group: "rg-platform",
    plan: "plan-platform",
    note: "Managed identity on a subnet with a 0.0.0.0/0 route: routing everything may cut off its tokens.",
    identity: "UserAssigned",
    subnet: "egress",
    slots: { staging: { subnet: "egress" } },
  },
  {
    name: "platform-metrics",
    group: "rg-platform",
    plan: "plan-platform",
    note: "Every single flag on, allTraffic off, and a key that no api-version declares.",
    on: [
      "applicationTraffic",
      "contentShareTraffic",
      "imagePullTraffic",
      "backupRestoreTraffic",
      "managedIdentityTraffic",
    ],
    extraRouting: { telemetryTraffic: true },
  },
  {
    name: "platform-vault",
    group: "rg-platform",
    plan: "plan-platform",
    note: "Secured by a network perimeter, which forces every flag on.",
    publicNetworkAccess: "SecuredByPerimeter",
    identity: "SystemAssigned",
    on: [
      "allTraffic",
      "applicationTraffic",
      "contentShareTraffic",
      "imagePullTraffic",
      "backupRestoreTraffic",
      "managedIdentityTraffic",
    ],
  },
  {
    name: "platform-core",
    group: "rg-platform",
    plan: "plan-platform-isolated",
    note: "In an App Service Environment: inside a virtual network already.",
    environment: true,
    subnet: null,
  },
  {
    name: "platform-ingest",
    group: "rg-platform",
    plan: "plan-platform-flex",
    note: "Function app on Flex Consumption: the flags read false and mean nothing.",
    kind: "functionapp,linux",
    subnet: "flex",
    flex: true,
  },
  {
    name: "platform-flows",
    group: "rg-platform",
    plan: "plan-platform-flows",
    note: "Logic App (Standard) with a content share.",
    kind: "functionapp,workflowapp",
    subnet: "functions",
    settings: { ...CONTENT_SHARE, APP_KIND: "workflowApp" },
  },
  {
    name: "platform-events",
    group: "rg-platform",
    plan: "plan-platform-events",
    note: "Function app on the Consumption plan: no virtual network integration.",
    kind: "functionapp",
    subnet: null,
    settings: CONTENT_SHARE,
  },
  {
    name: "platform-erp",
    group: "rg-platform",
    plan: "plan-platform-windows",
    note: "Gateway-required integration: routing flags do not apply.",
    kind: "app",
    subnet: null,
    gateway: true,
  },
  {
    name: "platform-status",
    group: "rg-platform",
    plan: "plan-platform",
    note: "Stopped.",
    state: "Stopped",
  },
  // ── rg-shop-dev: another subscription ─────────────────────────────────────────────────────────────────────────────
  { name: "shop-web-dev", group: "rg-shop-dev", plan: "plan-dev", note: "An ordinary site on a Basic plan." },
  {
    name: "orders-api",
    group: "rg-shop-dev",
    plan: "plan-dev",
    note: "The same name exists in rg-shop; only the hashed host names differ.",
    hostHash: "a8k1m5x2pwt6r9cy",
  },
  {
    name: "shop-lab",
    group: "rg-shop-dev",
    plan: "plan-dev",
    note: "The property is on and the legacy setting says off: the property wins.",
    on: ["applicationTraffic"],
    settings: { WEBSITE_VNET_ROUTE_ALL: "false" },
  },
  {
    name: "shop-demo",
    group: "rg-shop-dev",
    plan: "plan-dev-free",
    note: "Free plan: no virtual network integration.",
    kind: "app",
    subnet: null,
  },
  {
    name: "shop-docs",
    group: "rg-shop-dev",
    plan: "plan-dev-shared",
    note: "Shared plan: no virtual network integration.",
    kind: "app",
    subnet: null,
  },
  {
    name: "shop-fn-dev",
    group: "rg-shop-dev",
    plan: "plan-dev-events",
    note: "Function app on the Consumption plan with a legacy setting that does nothing.",
    kind: "functionapp",
    subnet: null,
    settings: { ...CONTENT_SHARE, WEBSITE_VNET_ROUTE_ALL: "1" },
  },
];
