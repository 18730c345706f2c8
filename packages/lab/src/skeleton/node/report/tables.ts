import type { Summary } from '../../training/summary.ts';
import { escape } from './escape.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const number = (value: number | null): string => (value === null ? 'not finite' : String(Number(value.toPrecision(3))));
const small = (value: number | null): string =>
  value === null ? 'not finite' : value === 0 ? '0' : value.toExponential(1).replace('e+', 'e');

function table(head: readonly string[], rows: readonly (readonly string[])[], texts: number, name = ''): string {
  const cell = (tag: string) => (text: string, i: number) =>
    `<${tag}${i >= texts ? ' class="number"' : ''}>${escape(text)}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table class="${name}"><thead><tr>${head.map(cell('th')).join('')}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** One row for each run and backend. */
export function resultTable({ runs }: Summary): string {
  const rows = runs.map((one) => [
    one.run,
    one.backend,
    percent(one.testAccuracy),
    number(one.testLoss),
    number(one.finalLoss),
    one.stopped ?? `${one.steps} steps`,
    Math.round(one.stepsPerSecond).toLocaleString('en-US'),
  ]);
  return table(['run', 'backend', 'test accuracy', 'test loss', 'final loss', 'ended', 'steps/s'], rows, 2, 'results');
}

/** How far the backends are apart; nothing where there is one backend. */
export function differenceTable({ differences }: Summary): string {
  if (differences.length === 0) return '';
  const rows = differences.map(({ run, backends, steps, learningRate, loss }) => [
    run,
    backends.join(' and '),
    String(steps),
    small(learningRate),
    small(loss),
  ]);
  return `<p>Between the backends, the largest difference at one step:</p>\n${table(['run', 'between', 'steps', 'applied rate', 'loss'], rows, 2, 'differences')}`;
}

/** The settings in words. */
export function settingsTable(summary: Summary): string {
  const { optimizer, epochs, batchSize, seed, totalSteps } = summary;
  const rows = [[optimizer, String(epochs), String(batchSize), String(totalSteps), String(seed)]];
  return table(['optimizer', 'epochs', 'batch size', 'steps', 'seed'], rows, 1);
}
