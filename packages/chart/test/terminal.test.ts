import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { terminalFigure } from '../src/terminal/index.ts';
import { figures } from './figures.ts';

const widthOf = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));

test.each(Object.entries(figures))('%s is drawn in letters, within the terminal', (_, figure) => {
  const text = terminalFigure(figure, { columns: 80 });
  expect(text.startsWith(`${figure.title}\n`)).toBe(true);
  expect(text).toMatch(/[^\n]\n$/);
  expect(widthOf(text)).toBeLessThanOrEqual(80);
  expect(stripVTControlCharacters(text)).toBe(text);
  // Colours change nothing but colours.
  expect(stripVTControlCharacters(terminalFigure(figure, { columns: 80, color: true }))).toBe(text);
});

test('names stand under a figure of several, and those of rules in any case', () => {
  expect(terminalFigure(figures['rates']!)).toContain('█ warm-up and cosine\n█ constant\n┃ warm-up ends\n');
  expect(terminalFigure(figures['range']!)).not.toContain('█');
  expect(terminalFigure(figures['rates']!, { color: true })).toContain('\u001B[34m█\u001B[0m warm-up and cosine');
});

test('ticks are those of the unit, also on a logarithmic scale', () => {
  expect(terminalFigure(figures['seeds']!)).toMatch(/^ 95 %┤/m);
  expect(terminalFigure(figures['range']!)).toMatch(/1e-5 +0\.0001 +0\.001 +0\.01 +0\.1/);
  expect(terminalFigure(figures['losses']!)).toMatch(/^0\.5┤/m);
});

test('a row for each word says its numbers', () => {
  const text = terminalFigure(figures['arms']!, { columns: 80 });
  expect(text).toMatch(/^one cycle, interval +│ +━+ +│ −0\.3 % … 0\.9 %$/m);
  expect(text).toMatch(/^step, mean +│ +● +┊ +│ −0\.4 %$/m);
});

test('a gap stays a gap', () => {
  const figure = {
    title: 'gap',
    x: { label: 'step', unit: 'step' },
    y: { label: 'y', unit: 'number', domain: [0, 2] },
    marks: [{ mark: 'line', name: 'l', x: [0, 1, 2, 3, 4], y: [1, 1, null, 1, 1] }],
  } as const;
  expect(terminalFigure(figure)).toMatch(/┤?│?━+ +━+/);
  expect(terminalFigure({ ...figure, marks: [{ ...figure.marks[0], y: [1, 1, 1, 1, 1] }] })).not.toMatch(/━ +━/);
});

test('what has no finite number says so', () => {
  expect(terminalFigure(figures['nothing']!)).toBe('Nothing was drawn yet\nnothing to draw: no number is finite\n');
});
