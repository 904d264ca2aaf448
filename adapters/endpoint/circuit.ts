export interface CircuitOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Failures without a success between them, after which nothing passes. */
  readonly failures: number;
  /** How long nothing passes before one call tries again. */
  readonly restMs: number;
}

/** Nygard, "Release It!", circuit breaker: what becomes of the one call that tries again decides for all. */
export interface Circuit {
  readonly isOpen: () => boolean;
  /** @returns what is to be called when the call is over */
  readonly enter: () => () => void;
  readonly succeed: () => void;
  readonly fail: () => void;
}

export function circuit({ now, failures, restMs }: CircuitOptions): Circuit {
  let failed = 0;
  let openUntil = Number.NEGATIVE_INFINITY;
  let isTrying = false;
  return {
    isOpen: () => failed >= failures && (isTrying || now() < openUntil),
    enter() {
      const tries = failed >= failures;
      if (tries) isTrying = true;
      return () => {
        if (tries) isTrying = false;
      };
    },
    succeed() {
      failed = 0;
    },
    fail() {
      failed += 1;
      openUntil = now() + restMs;
    },
  };
}
