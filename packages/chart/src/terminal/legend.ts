import type { Figure } from '../figure.ts';
import { entriesOf } from '../layout/entries.ts';

/** Codes of the six colours: blue, yellow, green, magenta, cyan, red. */
const codes = [34, 33, 32, 35, 36, 31] as const;

/** The names of a figure, one a line, where there are several; and those of its rules. */
export function legend(figure: Figure, color: boolean): string {
  const entries = entriesOf(figure);
  const named = entries.length > 1 ? entries.map((one) => `${painted('█', one.color, color)} ${one.name}\n`) : [];
  const rules = figure.marks.flatMap((mark) => {
    if (mark.mark !== 'rule') return [];
    return [`${mark.y === undefined ? '┃' : '━'} ${mark.name}\n`];
  });
  return [...named, ...rules].join('');
}

const painted = (text: string, shade: number, color: boolean): string =>
  color ? `\u001B[${codes[shade]!}m${text}\u001B[0m` : text;
