import type { Figure } from './figure.ts';
import { entriesOf } from './layout/entries.ts';

/** What those hear who do not see a figure. */
export function describeFigure(figure: Figure): string {
  const { title, description, x, y } = figure;
  if (description !== undefined) return description;
  const names = entriesOf(figure).map(({ name }) => name);
  return `${title}: ${y.label} over ${x.label}${names.length > 1 ? `; ${names.join(', ')}` : ''}`;
}
