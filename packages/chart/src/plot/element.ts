import type { SvgElement } from './page.ts';

/** An element of SVG in the document of a figure. */
export function element(
  svg: SvgElement,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SvgElement {
  const made = svg.ownerDocument.createElementNS(svg.namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}
