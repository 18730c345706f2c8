import { colorCount } from '../layout/entries.ts';

/** Colours as a canvas takes them. */
export interface Colors {
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  readonly series: readonly string[];
}

/** The custom properties of `figureStyle` where an element stands; where they are missing, the colour of its text. */
export function colorsIn(element: Element): Colors {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  return {
    ink: color('--ink'),
    quiet: color('--quiet'),
    rule: color('--rule'),
    series: Array.from({ length: colorCount }, (_, i) => color(`--s${i}`)),
  };
}
