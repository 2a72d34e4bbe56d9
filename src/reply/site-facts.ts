import { legacySettings } from "../domain/routing/legacy-setting.ts";
import type { Integration, SiteObservation } from "../domain/routing/site-observation.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";
import type { Block, Span, Text } from "./view.ts";
import { code, plain } from "./words.ts";

/** `shop-web (production)` or `shop-web/staging (slot)`: production or slot is always said. */
export function targetText(target: ResolvedTarget): readonly Span[] {
  return [code(targetLabel(target)), plain(target.slot === undefined ? " (production)" : " (slot)")];
}

/** A site of several, in one line. */
export function siteLine(site: SiteObservation, number: number): readonly Span[] {
  const { target } = site;
  const place = ` in ${target.resourceGroup}, ${target.subscriptionName ?? target.subscriptionId}, `;
  const integration = integrationText(site.integration);
  return [
    plain(`${number}. `),
    ...targetText(target),
    plain(place),
    ...(typeof integration === "string" ? [plain(integration)] : integration),
    ...portalLink(site),
  ];
}

/** The site's networking page, in the clouds whose portal we know. */
export function portalLink({ portalUrl }: SiteObservation): readonly Span[] {
  return portalUrl === undefined
    ? []
    : [plain(" · "), { kind: "link", text: "networking in the portal", url: portalUrl }];
}

/** Which site it is and how it is built: the facts at the head of a plan or a status. */
export function siteFacts(site: SiteObservation): Extract<Block, { kind: "facts" }> {
  const { target } = site;
  return {
    kind: "facts",
    facts: [
      { label: "Site", value: [...targetText(target), ...portalLink(site)] },
      { label: "Resource group", value: target.resourceGroup },
      { label: "Subscription", value: target.subscriptionName ?? target.subscriptionId },
      { label: "Region and SKU", value: `${site.location}, ${site.sku}` },
      { label: "Integration", value: integrationText(site.integration) },
      ...legacyFacts(site),
    ],
  };
}

function integrationText(integration: Integration): Text {
  switch (integration.kind) {
    case "regional":
      return [plain("subnet "), code(subnetName(integration.subnetId))];
    case "gateway":
      return "gateway-required (routing flags have no effect)";
    case "environment":
      return "App Service Environment";
    case "none":
      return "none (routing flags have no effect)";
    default:
      return integration satisfies never;
  }
}

/** `vnet-shop/snet-apps` of a subnet's ARM id. */
function subnetName(subnetId: string): string {
  const parts = subnetId.split("/");
  const network = parts[parts.findIndex((part) => part.toLowerCase() === "virtualnetworks") + 1];
  const subnet = parts[parts.findIndex((part) => part.toLowerCase() === "subnets") + 1];
  return network && subnet ? `${network}/${subnet}` : subnetId;
}

/** Legacy settings are said when they are there, or when they could not be read: absent ones are no news. */
function legacyFacts(site: SiteObservation): { label: string; value: Text }[] {
  const states = legacySettings.map((setting) => ({ setting, state: site.legacy[setting] }));
  if (states.every(({ state }) => state === "unknown")) {
    return [{ label: "Legacy settings", value: "not readable with the bot's rights" }];
  }
  const said = states.filter(({ state }) => state !== "absent");
  if (said.length === 0) return [];
  const value = said.flatMap(({ setting, state }, index) => [
    ...(index > 0 ? [plain(", ")] : []),
    code(setting),
    plain(state === "on-likely" ? " looks on" : state === "unknown" ? " not readable" : ` ${state}`),
  ]);
  return [{ label: "Legacy settings", value }];
}
