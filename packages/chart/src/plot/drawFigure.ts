import type { Figure } from '../figure.ts';
import { figureElement, type StillOptions } from './figureElement.ts';
import type { PageDocument, PageSvg } from './page.ts';

export interface DrawOptions extends StillOptions {
  /** Where elements are made; default that of the page. */
  readonly document?: PageDocument;
}

/**
 * Draws a figure with Observable Plot, as an element of SVG. Its colours are custom properties, which `figureStyle` or the page gives, for
 * light and dark. The same figure gives the same element.
 *
 * @throws ChartError where the figure does not agree with itself.
 *
 * @example
 * document.body.append(drawFigure(figure));
 */
export function drawFigure(figure: Figure, { document, ...options }: DrawOptions = {}): PageSvg {
  const page: unknown = document ?? (globalThis as { document?: unknown }).document;
  return figureElement(figure, page, options) as unknown as PageSvg;
}
