import type { Entry } from '../layout/entries.ts';
import { widthOf } from '../layout/widthOf.ts';
import { lineStyles } from '../style/lineStyles.ts';
import { element } from './element.ts';
import type { SvgElement } from './page.ts';

/** An entry with its place: the left end of its sample, and its middle line. */
interface Placed {
  readonly entry: Entry;
  readonly x: number;
  readonly y: number;
}

/** The names of a figure in rows of a width; a single name needs no legend. */
export function legendOf(
  entries: readonly Entry[],
  width: number,
): { readonly placed: readonly Placed[]; readonly height: number } {
  if (entries.length < 2) return { placed: [], height: 0 };
  let [x, y] = [4, 10];
  const placed = entries.map((entry) => {
    const size = 28 + widthOf(entry.name, 13);
    if (x > 4 && x + size > width) [x, y] = [4, y + 20];
    const at = { entry, x, y };
    x += size + 16;
    return at;
  });
  return { placed, height: y + 12 };
}

/** Draws a legend into a figure, from `top` on. */
export function drawLegend(svg: SvgElement, { placed }: ReturnType<typeof legendOf>, top: number): void {
  if (placed.length === 0) return;
  const group = element(svg, 'g', { class: 'legend', 'text-anchor': 'start' });
  for (const { entry, x, y } of placed)
    group.append(
      element(svg, ...sampleOf(entry, x, top + y)),
      element(svg, 'text', { class: 'name', x: x + 26, y: top + y, dy: '0.32em' }, entry.name),
    );
  svg.append(group);
}

function sampleOf(
  { mark, style, color }: Entry,
  x: number,
  y: number,
): [string, Readonly<Record<string, string | number>>] {
  const paint = `var(--s${color})`;
  if (mark === 'dot') return ['circle', { cx: x + 10, cy: y, r: 4, fill: paint }];
  if (mark === 'bar' || mark === 'area')
    return [
      'rect',
      { x: x + 4, y: y - 6, width: 12, height: 12, fill: paint, 'fill-opacity': mark === 'area' ? 0.35 : 1 },
    ];
  const { strokeWidth, strokeOpacity = 1, strokeDasharray = 'none' } = lineStyles[style];
  const line = { 'stroke-width': strokeWidth, 'stroke-opacity': strokeOpacity, 'stroke-dasharray': strokeDasharray };
  return ['path', { d: `M${x},${y}h20`, fill: 'none', stroke: paint, ...line }];
}
