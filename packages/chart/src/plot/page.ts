/** An element of SVG, as far as drawing needs it: packages without a page's types are compiled with this one too. */
export interface SvgElement {
  readonly namespaceURI: string | null;
  readonly ownerDocument: { createElementNS(namespace: string | null, name: string): SvgElement };
  readonly outerHTML: string;
  textContent: string | null;
  setAttribute(name: string, value: string): void;
  append(...children: SvgElement[]): void;
  prepend(...children: SvgElement[]): void;
  querySelector(selector: string): SvgElement | null;
  remove(): void;
}

/** A page's own types, where a program is compiled with them. */
export type PageDocument = typeof globalThis extends { document: infer D } ? D : unknown;
export type PageSvg = typeof globalThis extends { SVGSVGElement: { prototype: infer E } } ? E : SvgElement;
