import { describe, expect, test } from 'vitest';
import { figureStyle, type Figure } from '../src/index.ts';
import { figureSvg } from '../src/svg/index.ts';
import { figures } from './figures.ts';

const all = Object.entries(figures);
const line = (x: readonly number[], y: readonly (number | null)[], scale: Partial<Figure['y']> = {}): Figure => ({
  title: 'A line',
  x: { label: 'step', unit: 'step' },
  y: { label: 'value', unit: 'number', ...scale } as Figure['y'],
  marks: [{ mark: 'line', name: 'one', x, y }],
});

/** The paths of the lines of a figure, as subpaths of points. */
function paths(figure: Figure): readonly (readonly (readonly [number, number])[])[] {
  const group = /<g[^>]*aria-label="line"[^>]*>(.*?)<\/g>/.exec(figureSvg(figure))![1]!;
  return [...group.matchAll(/d="([^"]*)"/g)].flatMap(([, d]) =>
    d!
      .split('M')
      .slice(1)
      .map((part) => part.split('L').map((point) => point.replace('Z', '').split(',').map(Number) as [number, number])),
  );
}

describe.each(all)('%s as SVG', (_, figure) => {
  const text = figureSvg(figure);

  test('is the same whenever it is drawn, and names nothing that another figure on the page could name', () => {
    for (const [, other] of all) figureSvg(other);
    expect(figureSvg(figure)).toBe(text);
    expect(text).not.toMatch(/\bid="|url\(/);
  });

  test('leaves every rule to the page: what compiles a page leaves styles inside it out', () => {
    expect(text).not.toContain('<style');
    expect(figureSvg(figure, { colors: 'own' }).match(/<style/g)).toHaveLength(1);
  });

  test('is told to those who do not see it', () => {
    expect(text).toMatch(/^<svg [^>]*role="img"/);
    expect(text).toMatch(/^<svg [^>]*aria-label="[^"]{10,}"/);
    expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(text).toMatch(/^<svg [^>]*><title>[^<]+<\/title>/);
  });

  test('has its title, both labels and every name in it', () => {
    const words = [...text.matchAll(/<text[^>]*>([^<]*)</g)].map(([, word]) =>
      word!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    );
    expect(words).toEqual(expect.arrayContaining([figure.title, figure.x.label, figure.y.label]));
    const names = new Set(figure.marks.map(({ name }) => name));
    const legend = new Set(figure.marks.flatMap(({ mark, name }) => (mark === 'rule' ? [] : [name])));
    for (const name of names) if (legend.size > 1 || !legend.has(name)) expect(words).toContain(name);
    expect(figureSvg(figure, { title: false })).not.toContain('class="title"');
  });

  test('has colours of the page alone, or brings its own for light and dark', () => {
    expect(text).not.toMatch(/(?:fill|stroke)="(?:#|rgb)/);
    const own = figureSvg(figure, { colors: 'own' });
    expect(own).toContain('prefers-color-scheme:dark');
    expect(own).toContain('background:var(--ground)');
  });
});

test('a line goes through its points, up and to the right', () => {
  const [[first, second]] = paths(line([0, 10], [0, 1])) as [[[number, number], [number, number]]];
  expect([second[0] > first[0], second[1] < first[1]]).toEqual([true, true]);
  // Ten points in a row lie on one straight line, at equal distances.
  const [row] = paths(line([...Array(11).keys()], [...Array(11).keys()]));
  row!.forEach(([x, y], i) => {
    expect(x).toBeCloseTo(row![0]![0] + ((row![10]![0] - row![0]![0]) * i) / 10, 2);
    expect(y).toBeCloseTo(row![0]![1] + ((row![10]![1] - row![0]![1]) * i) / 10, 2);
  });
});

test('a line is interrupted where a value is a gap, or not above 0 on a logarithmic axis', () => {
  expect(paths(line([0, 1, 2, 3, 4], [1, 2, Number.NaN, 2, 3])).map(({ length }) => length)).toEqual([2, 2]);
  expect(paths(line([0, 1, 2, 3, 4], [1, 2, null, 2, 3])).map(({ length }) => length)).toEqual([2, 2]);
  expect(paths(line([0, 1, 2, 3, 4], [1, 2, 0, 2, 3], { type: 'log' })).map(({ length }) => length)).toEqual([2, 2]);
});

test('a point between gaps is seen', () => {
  expect(figureSvg(line([0, 1, 2], [1, null, 2]))).toMatch(/aria-label="dot"[^>]*>(<circle[^>]*\/>){2}/);
});

test('a long line keeps its extremes and its gaps, and is drawn of few points', () => {
  const x = Array.from({ length: 100_000 }, (_, i) => i);
  const drawn = paths(
    line(
      x,
      x.map((i) => (i === 43_210 ? 5 : i === 70_000 ? null : Math.sin(i))),
    ),
  );
  expect(drawn.length).toBe(2);
  const points = drawn.flat();
  expect(points.length).toBeLessThanOrEqual(700);
  // Only the peak is far above the others.
  const [top, next] = points.map(([, y]) => y).toSorted((a, b) => a - b);
  expect(next! - top!).toBeGreaterThan(100);
});

test('ticks are labelled by their unit', () => {
  expect(figureSvg(figures['seeds']!)).toContain('>95 %<');
  expect(figureSvg(figures['range']!)).toContain('>1e-5<');
  expect(figureSvg(figures['times']!)).toContain('>1.5 min<');
});

describe.each(['light', 'dark'] as const)('the colours of %s', (theme) => {
  const block = figureStyle()
    .split('\n')
    .find((row) => row.startsWith(`:root[data-theme=${theme}]`))!;
  const color = (name: string): string => {
    const hex = new RegExp(`--${name}:#([0-9a-f]{3,6})`).exec(block)![1]!;
    return hex.length === 3 ? hex.replaceAll(/./g, '$&$&') : hex;
  };
  // Relative luminance and contrast: WCAG 2.2.
  const luminance = (hex: string): number =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const part = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16) / 255;
      return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    }, 0);
  const contrast = (a: string, b: string): number => {
    const [high, low] = [luminance(a), luminance(b)].toSorted((one, other) => other - one) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };

  test.each(['s0', 's1', 's2', 's3', 's4', 's5'])('%s is seen: 3 to 1', (name) => {
    expect(contrast(color(name), color('ground'))).toBeGreaterThanOrEqual(3);
  });
  test.each(['ink', 'quiet'])('%s is read: 4.5 to 1', (name) => {
    expect(contrast(color(name), color('ground'))).toBeGreaterThanOrEqual(4.5);
  });
});
