/** Of logistic regression: 1/2 sum |w_k|^2, sum |w_k|_1, or nothing. */
export const PENALTIES = ['l2', 'l1', 'none'] as const;
export type Penalty = (typeof PENALTIES)[number];
