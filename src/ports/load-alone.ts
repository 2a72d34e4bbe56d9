let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `load`, which imports a large package, when everything that was to be loaded before is there. Imported side by side the SDKs
 * race for the modules that they share, some of which one requires and another imports: ERR_REQUIRE_ESM_RACE_CONDITION.
 * Not to be called from within `load`.
 */
export function loadAlone<T>(load: () => Promise<T>): Promise<T> {
  const loading = last.then(load);
  last = loading.catch(() => undefined);
  return loading;
}
