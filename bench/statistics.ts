/** The middle one of some measurements, or the mean of the two in the middle; not a number without any. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}

/** To one decimal: more would only look exact. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The measurement that the given share (0 to 1) of all does not exceed; not a number without any. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
