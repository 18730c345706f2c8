/** A difference: two digits, as a power of ten. */
export const small = (value: number | null): string =>
  value === null ? 'not finite' : value === 0 ? '0' : value.toExponential(1).replace('e+', 'e');

/** A metric's name as words: `crossEntropy` is "cross entropy". */
export const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
