/**
 * What Lambda calls the jobs function of a stage. A name of our own: control is told it, and stands in a stack that the
 * function's own comes after.
 */
export const jobsFunctionName = (stage: string): string => `modeldrop-${stage}-jobs`;
