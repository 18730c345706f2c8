import { afterEach, expect, test } from 'vitest';
import { ChartError, figureStyle, type Figure } from '../src/index.ts';
import { liveFigure, type LiveFigure } from '../src/live/index.ts';
import '../live.css';
import { figures } from './figures.ts';

const style = document.createElement('style');
style.textContent = figureStyle();
document.head.append(style);

const open: LiveFigure[] = [];
function show(figure: Figure): { readonly target: HTMLElement; readonly live: LiveFigure } {
  const target = document.createElement('div');
  target.style.width = '500px';
  document.body.append(target);
  const live = liveFigure(target, figure);
  open.push(live);
  return { target, live };
}
afterEach(() => {
  open.splice(0).forEach((live) => live.destroy());
  document.body.replaceChildren();
});

/** How many pixels of a canvas are about a colour. */
async function painted(target: HTMLElement, [r, g, b]: readonly [number, number, number]): Promise<number> {
  // uPlot draws in a microtask.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const canvas = target.querySelector('canvas')!;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 200 && Math.hypot(data[i]! - r, data[i + 1]! - g, data[i + 2]! - b) < 40) count += 1;
  return count;
}
const blue = [0x1f, 0x6f, 0xeb] as const;
const orange = [0xc2, 0x57, 0x0c] as const;

test.each(['rates', 'losses', 'seeds', 'range', 'trials', 'nothing'])('%s is drawn', async (name) => {
  const { target } = show(figures[name]!);
  expect(target.getAttribute('role')).toBe('img');
  expect(target.getAttribute('aria-label')).toContain(figures[name]!.title);
  const pixels = await painted(target, blue);
  if (name === 'nothing') expect(pixels).toBe(0);
  else expect(pixels).toBeGreaterThan(80);
});

test('another figure of the same make takes the place of its numbers, one of another make is made anew', async () => {
  const figure = (y: readonly number[], name = 'loss'): Figure => ({
    title: 'loss',
    x: { label: 'step', unit: 'step', domain: [0, 9] },
    y: { label: 'loss', unit: 'nats', domain: [0, 10] },
    marks: [{ mark: 'line', name, x: y.map((_, i) => i), y }],
  });
  const { target, live } = show(figure([1, 2]));
  const canvas = target.querySelector('canvas');
  const short = await painted(target, blue);
  live.set(figure([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  expect(target.querySelector('canvas')).toBe(canvas);
  expect(await painted(target, blue)).toBeGreaterThan(3 * short);
  live.set({ ...figure([1, 2]), marks: [{ mark: 'line', name: 'other', color: 1, x: [0, 9], y: [1, 9] }] });
  expect(target.querySelectorAll('canvas')).toHaveLength(1);
  expect(target.querySelector('canvas')).not.toBe(canvas);
  expect(await painted(target, orange)).toBeGreaterThan(100);
  live.destroy();
  expect(target.querySelector('canvas')).toBeNull();
});

test.each(['arms', 'speeds', 'times'])('%s stands still, and says where it is drawn', (name) => {
  const error = (() => {
    try {
      liveFigure(document.createElement('div'), figures[name]!);
    } catch (caught) {
      return caught;
    }
    return undefined;
  })();
  expect(error).toBeInstanceOf(ChartError);
  expect(error).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('@anneal/chart/plot') as string,
  });
});
