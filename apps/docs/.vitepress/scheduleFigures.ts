import { createScheduler, parsePlan } from '@anneal/core';
import type { MarkdownRenderer } from 'vitepress';

const width = 640;
const height = 200;
const inset = { left: 52, right: 12, top: 12, bottom: 26 };
/** Points of a curve, the first included. */
const resolution = 400;

/** What the generator says of a definition's example; a controller, which has no curve over the step alone, has no steps. */
interface FigureRequest {
  readonly spec: object;
  readonly steps?: number;
}

/** Draws the curve of the spec in a comment `<!-- figure: {…} -->`, by evaluating the schedule itself. */
export function scheduleFigures(markdown: MarkdownRenderer): void {
  const otherwise = markdown.renderer.rules.html_block;
  markdown.renderer.rules.html_block = (tokens, index, ...rest) => {
    const [, request] = /^<!-- figure: (.*) -->$/m.exec(tokens[index]?.content ?? '') ?? [];
    return request === undefined
      ? (otherwise?.(tokens, index, ...rest) ?? '')
      : figure(JSON.parse(request) as FigureRequest);
  };
}

function figure({ spec, steps: runSteps }: FigureRequest): string {
  if (runSteps === undefined) return '';
  // A little past the end, to show what is held there.
  const shownSteps = Math.ceil(1.15 * runSteps);
  const scheduler = createScheduler(parsePlan(spec));
  const points = Math.min(resolution, shownSteps);
  const steps = Array.from({ length: points + 1 }, (_, i) => Math.round((i / points) * shownSteps));
  const values = steps.map((step) => scheduler.values(step).learningRate);
  const top = Math.max(...values) || 1;
  const x = (step: number): number => inset.left + (step / shownSteps) * (width - inset.left - inset.right);
  const y = (value: number): number => height - inset.bottom - (value / top) * (height - inset.top - inset.bottom);
  const line = values.map((value, i) => `${x(steps[i]!).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const text = (at: string, anchor: string, label: string | number): string =>
    `<text ${at} text-anchor="${anchor}">${label}</text>`;
  const number = (value: number): string => String(Number(value.toPrecision(3)));
  return `<svg class="schedule-figure" viewBox="0 0 ${width} ${height}" role="img" aria-label="The value over the first ${shownSteps} steps">
<path d="M${x(0)} ${y(0)}H${x(shownSteps)}M${x(0)} ${y(top)}H${x(shownSteps)}" class="grid"/>
<polyline points="${line}"/>
${text(`x="${inset.left - 6}" y="${y(top) + 4}"`, 'end', number(top))}${text(`x="${inset.left - 6}" y="${y(0) + 4}"`, 'end', 0)}
${[0, Math.round(shownSteps / 2), shownSteps].map((step) => text(`x="${x(step)}" y="${height - 8}"`, step === 0 ? 'start' : step === shownSteps ? 'end' : 'middle', step)).join('')}
</svg>\n`;
}
