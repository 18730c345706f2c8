/** A style has no values: this lets a program in TypeScript ask for it. */
export type Style = never;
