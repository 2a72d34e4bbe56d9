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
