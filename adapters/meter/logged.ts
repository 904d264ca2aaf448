/** What lines of the predictions' log say of themselves. */
export const [COUNTS_MARK, TRIAL_MARK] = ['counts', 'trial'] as const;

/** CloudWatch's filter pattern for these lines, and no others. */
export const LOGGED = `{ ($.modeldrop = "${COUNTS_MARK}") || ($.modeldrop = "${TRIAL_MARK}") }`;
