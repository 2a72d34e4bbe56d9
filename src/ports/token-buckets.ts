/**
 * Token buckets, as Azure Resource Manager counts requests with: so many tokens at most, so many more each second. Whoever
 * shares an implementation draws from the same buckets.
 */
export interface TokenBuckets {
  /** Takes what is there above `keep`, at most `tokens`, without waiting. Rejects when the buckets cannot be reached. */
  take(request: TakeRequest): Promise<Taken>;
}

export type BucketTerms = {
  readonly name: string;
  /** Tokens that it holds at most. */
  readonly size: number;
  readonly perSecond: number;
  /** Tokens in it when nothing is known of its past. */
  readonly start: number;
};

export type TakeRequest = {
  readonly bucket: BucketTerms;
  /** Whole tokens wanted. */
  readonly tokens: number;
  /** Tokens to be left for others. */
  readonly keep: number;
};

/** `waitMs`: when less was granted than was wanted, the time until one more is there. */
export type Taken = { readonly granted: number; readonly waitMs: number };
