import type { Figure } from '@anneal/chart';
import { figureSvg } from '@anneal/chart/svg';
import { createScheduler, parsePlan } from '@anneal/core';
import type { MarkdownRenderer } from 'vitepress';

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
  const x = Array.from({ length: points + 1 }, (_, i) => Math.round((i / points) * shownSteps));
  const y = x.map((step) => scheduler.values(step).learningRate);
  const drawn: Figure = {
    title: 'The value over the steps',
    x: { label: 'step', unit: 'step' },
    y: { label: 'value', unit: 'rate' },
    marks: [{ mark: 'line', name: 'value', x, y }],
  };
  return `${figureSvg(drawn, { width: 640, height: 240, title: false })}\n`;
}
