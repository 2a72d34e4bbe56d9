/** Time, passed in so that tests can move it. */
export interface Clock {
  now(): Date;
  /**
   * Resolves after `ms` milliseconds, or rejects with the signal's reason when it is aborted. With 0: once whatever is due at this
   * moment has run, such as the time limit of something that stood still.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Makes ids that nobody can guess: 128 bits of chance or more, URL-safe. */
export type NewId = () => string;
