/** About how many pixels a text takes, where nothing can measure it. */
export const widthOf = (text: string, fontSize: number): number => 0.56 * fontSize * text.length;
