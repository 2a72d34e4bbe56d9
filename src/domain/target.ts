/**
 * The one Azure resource that is meant: a site, or one of its slots. Names are spelled as Azure returned them.
 */
export type ResolvedTarget = {
  /** ARM id, `/subscriptions/…/providers/Microsoft.Web/sites/NAME[/slots/SLOT]`, as Azure returned it. */
  readonly resourceId: string;
  readonly subscriptionId: string;
  /** Display name of the subscription, where it could be read. */
  readonly subscriptionName?: string;
  readonly resourceGroup: string;
  readonly site: string;
  /** Name of the slot; absent for the production site. */
  readonly slot?: string;
  /** Host name that Azure gave the resource, e.g. `shop-web.azurewebsites.net`. */
  readonly defaultHostName?: string;
  readonly tags?: Readonly<Record<string, string>>;
};

/** Identity of a target for comparison, locks and order: its ARM id in lower case (ARM ids are case-insensitive). */
export function targetKey(target: ResolvedTarget): string {
  return target.resourceId.toLowerCase();
}

/** The target as people write it: `shop-web` or `shop-web/staging`. */
export function targetLabel(target: ResolvedTarget): string {
  return target.slot === undefined ? target.site : `${target.site}/${target.slot}`;
}
