import { distance } from "fastest-levenshtein";

/** Two letters that changed places count as two slips. Near enough that nobody is sent somewhere else. */
function slipsAllowed({ length }: string): number {
  return length < 4 ? 1 : length < 9 ? 2 : 3;
}

/** The one of `names` that was probably meant by `written`; nothing when none is near. Upper and lower case count as one. */
export function nearestName(written: string, names: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly away: number } | undefined;
  for (const name of names) {
    const slips = distance(written.toLowerCase(), name.toLowerCase());
    // People rarely slip in the first letter.
    const away = slips + (written[0]?.toLowerCase() === name[0]?.toLowerCase() ? 0 : 0.5);
    if (slips <= slipsAllowed(written) && (best === undefined || away < best.away)) best = { name, away };
  }
  return best?.name;
}

/** ` (did you mean X?)`, or nothing. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const near = nearestName(written, names);
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}
