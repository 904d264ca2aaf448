let failures = 0;

/** Runs an observer: a metric, a log. One that throws is swallowed and counted, for it must not break serving. */
export function observing(observe: () => void): void {
  try {
    observe();
  } catch {
    failures += 1;
  }
}

/** How often an observer has failed in this process. */
export const observerFailures = (): number => failures;
