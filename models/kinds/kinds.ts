/** The kinds that score in process. */
export type KindName = 'linear' | 'logistic' | 'svm';
