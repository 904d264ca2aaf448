/** What a check found. `mend` says what to do where something failed, or could be better. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  readonly mend?: string;
}

export const fine = (check: string, found: string): Finding => ({ check, ok: true, found });

export const failed = (check: string, found: string, mend: string): Finding => ({ check, ok: false, found, mend });

/** Nothing that stops anybody, but worth a line. */
export const noted = (check: string, found: string, mend: string): Finding => ({ check, ok: true, found, mend });
