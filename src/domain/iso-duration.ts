const form = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const unitsMs = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/** Milliseconds of an ISO 8601 duration in weeks, days, hours, minutes and seconds; `undefined` for anything else. */
export function durationMs(iso: string): number | undefined {
  const counts = form.exec(iso)?.slice(1);
  if (counts === undefined || counts.every((count) => count === undefined)) return undefined;
  return unitsMs.reduce((sum, unit, index) => sum + unit * Number(counts[index] ?? 0), 0);
}

/** Milliseconds as an ISO 8601 duration in whole seconds. */
export function isoDuration(ms: number): string {
  return `PT${Math.round(ms / 1_000)}S`;
}
