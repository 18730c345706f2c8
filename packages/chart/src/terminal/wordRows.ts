import type { Figure, Mark, NumberScale, Place } from '../figure.ts';
import { domainOf, isDrawn } from '../layout/domainOf.ts';
import { entriesOf } from '../layout/entries.ts';
import { formatNumber } from '../numbers/formatNumber.ts';

/** A figure along words: a row for each word and name, with a strip of letters and the numbers. */
export function wordRows(figure: Figure, columns: number): string {
  const direction = figure.x.type === 'words' ? 'x' : 'y';
  const across = direction === 'x' ? 'y' : 'x';
  const [words, numbers] = [figure[direction], figure[across]];
  if (words.type !== 'words' || numbers.type === 'words')
    return `${figure.title}\n${figure.x.label} and ${figure.y.label} are both words: see the figure as SVG\n`;
  const ends = domainOf(figure, across);
  const names = new Set(entriesOf(figure).map(({ name }) => name)).size > 1;
  const rows = words.domain.flatMap((word) =>
    figure.marks.flatMap((mark) => {
      if (mark.mark === 'rule' || mark.mark === 'line' || mark.mark === 'area') return [];
      const at = indexOf(mark[direction] ?? [], word);
      return at < 0 ? [] : [{ label: names ? `${word}, ${mark.name}` : word, spans: spanOf(mark, across, at) }];
    }),
  );
  const width = Math.max(...rows.map(({ label }) => label.length), 0);
  const told = rows.map(({ spans }) => spans.map((value) => formatNumber(value, numbers.unit)).join(' … '));
  const room = Math.max(10, Math.min(60, columns - width - Math.max(...told.map(({ length }) => length), 0) - 5));
  const rules = figure.marks.flatMap((mark) =>
    mark.mark === 'rule' && mark[across] !== undefined ? [mark[across]] : [],
  );
  const lines = rows.map(({ label, spans }, i) => {
    const strip = stripOf(spans, rules, numbers, ends, room);
    return `${label.padEnd(width)} │${strip}│ ${told[i]!}`;
  });
  return `${[figure.title, numbers.label, ...lines].join('\n')}\n`;
}

const indexOf = (place: Place, word: string): number => Array.prototype.indexOf.call(place, word);

/** What a mark says at a word: a number, or the two ends of an interval. */
function spanOf(
  mark: Exclude<Mark, { mark: 'rule' | 'line' | 'area' }>,
  across: 'x' | 'y',
  at: number,
): readonly (number | null)[] {
  if (mark.mark === 'interval') return [mark.low[at] ?? null, mark.high[at] ?? null];
  return [(mark[across][at] as number | null | undefined) ?? null];
}

/** A strip of letters: `●` at a number, `━` from one to another, `┊` at a rule. */
function stripOf(
  spans: readonly (number | null)[],
  rules: readonly number[],
  scale: NumberScale,
  [min, max]: readonly [number, number],
  room: number,
): string {
  const to = (value: number): number => (scale.type === 'log' ? Math.log(value) : value);
  const column = (value: number): number =>
    Math.max(0, Math.min(room - 1, Math.round(((to(value) - to(min)) / (to(max) - to(min))) * (room - 1))));
  const letters = Array.from({ length: room }, () => ' ');
  for (const rule of rules) if (isDrawn(rule, scale)) letters[column(rule)] = '┊';
  if (spans.every((value) => isDrawn(value, scale))) {
    const [from, end] = [column(spans[0]!), column(spans.at(-1)!)];
    letters.fill(spans.length > 1 ? '━' : '●', from, end + 1);
  }
  return letters.join('');
}
