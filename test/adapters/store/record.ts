/** 64 kB that say their own number all through: a torn one shows. */
export const recordOf = (i: number): string => `${i} `.repeat(Math.floor(65_536 / `${i} `.length));
