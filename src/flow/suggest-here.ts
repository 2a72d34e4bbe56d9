import type { Flow } from "./flow.ts";
import type { Asker } from "./sight.ts";

/** The site that examples are written with. */
const placeholder = /(?<![\w-])app-x(?![\w-])/g;
const suggestionLimit = 3;
/** An example is not worth waiting for. */
const patienceMs = 2_000;

/**
 * A site that this person sees, at home in this channel if it has one, to write examples with. `undefined` if there is none,
 * or Azure does not say in time.
 */
export async function exampleSite(
  flow: Flow,
  asker: Asker,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { sees, home } = asker.sight;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    const found = await flow.routing.find({ all: true }, { signal: patience });
    if (found.kind !== "all") return undefined;
    const seen = found.targets.filter(sees);
    const near = home === undefined ? [] : seen.filter(home);
    const names = (near.length > 0 ? near : seen).map(({ site }) => site);
    return names.reduce<string | undefined>(
      (first, name) => (first === undefined || name < first ? name : first),
      undefined,
    );
  } catch (error) {
    signal.throwIfAborted();
    flow.log.debug("no-example-site", { reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

/** The texts with a real site in place of the example's. */
export function withSite(texts: readonly string[], site: string | undefined): readonly string[] {
  return site === undefined ? texts : texts.map((text) => text.replace(placeholder, site));
}

/** At most three suggestions, written with a site of this channel, unless the asker wrote of `app-x` themselves. */
export async function suggestHere(
  flow: Flow,
  suggestions: readonly string[],
  asked: { readonly text: string; readonly asker: Asker; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const few = suggestions.slice(0, suggestionLimit);
  const isExample = few.some((text) => text.match(placeholder)) && !asked.text.match(placeholder);
  return isExample ? withSite(few, await exampleSite(flow, asked.asker, asked.signal)) : few;
}
