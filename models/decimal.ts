/** The number that a text states in decimal, or NaN: `Number` alone would read '' as 0 and '0x1F' as 31. */
export const decimal = (text: string): number => (/^[-+.\deE]+$/.test(text) ? Number(text) : Number.NaN);
