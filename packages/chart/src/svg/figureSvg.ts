import { parseHTML } from 'linkedom/worker';
import type { Figure } from '../figure.ts';
import { figureElement, type StillOptions } from '../plot/figureElement.ts';
import { element } from '../plot/element.ts';
import { ownStyle } from '../style/figureStyle.ts';

export interface SvgOptions extends StillOptions {
  /**
   * Whose colours: "page" leaves them to the page that holds the figure and `figureStyle`, "own" puts them inside, for light and dark, on
   * a ground of its own, as a file needs it. Default "page".
   */
  readonly colors?: 'page' | 'own';
}

/**
 * A figure as the text of an SVG, without a page: in Node, in a worker. The same figure gives the same text.
 *
 * @throws ChartError where the figure does not agree with itself.
 *
 * @example
 * await writeFile('rates.svg', figureSvg(figure, { colors: 'own' }));
 */
export function figureSvg(figure: Figure, { colors = 'page', ...options }: SvgOptions = {}): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = figureElement(figure, document, options);
  if (colors === 'own') svg.append(element(svg, 'style', {}, ownStyle()));
  return svg.outerHTML;
}
