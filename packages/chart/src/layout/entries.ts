import type { Figure, LineMark, Mark } from '../figure.ts';

/** How many colours there are. */
export const colorCount = 6;

/** A name of a figure: its colour, and how it is drawn. */
export interface Entry {
  readonly name: string;
  readonly color: number;
  readonly mark: Exclude<Mark['mark'], 'rule'>;
  readonly style: NonNullable<LineMark['style']>;
}

/** The names in the order in which they appear. Rules carry their names themselves. An area beside a line is an entry of the line. */
export function entriesOf({ marks }: Figure): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const one of marks) {
    if (one.mark === 'rule') continue;
    const { name, mark, color } = one;
    const known = entries.get(name);
    const style = one.mark === 'line' ? (one.style ?? 'solid') : 'solid';
    if (known === undefined) entries.set(name, { name, color: (color ?? entries.size) % colorCount, mark, style });
    else if (mark === 'line' && known.mark !== 'line') entries.set(name, { ...known, mark, style });
  }
  return [...entries.values()];
}

/** The colour of each mark: that of its name. */
export function colorsOf(figure: Figure): readonly number[] {
  const byName = new Map(entriesOf(figure).map(({ name, color }) => [name, color]));
  return figure.marks.map(({ name, color }) => (color === undefined ? (byName.get(name) ?? 0) : color % colorCount));
}
