import type { LineMark } from '@anneal/chart';
import type { MetricsRow } from './metricsRow.ts';

/** What a curve is drawn from: a number of a row, or undefined where the row does not have it. */
export type Measure = (row: MetricsRow) => number | null | undefined;

/**
 * A line for each run and backend. Runs differ by colour, backends by style: the first is broad and pale, so the others
 * are seen on top of it where they coincide.
 */
export function curves(rows: readonly MetricsRow[], measure: Measure, smooth = 1): LineMark[] {
  const runs = [...new Set(rows.map(({ run }) => run))];
  const backends = [...new Set(rows.map(({ backend }) => backend))];
  const styles = ['broad', 'solid', 'dashed'] as const;
  return runs.flatMap((run, color) =>
    backends.map((backend, i): LineMark => {
      const points: [number, number][] = [];
      for (const row of rows) {
        if (row.run !== run || row.backend !== backend) continue;
        const value = measure(row);
        if (value !== undefined) points.push([row.step, value ?? Number.NaN]);
      }
      const drawn = averaged(points, smooth);
      const [x, y] = [drawn.map(([at]) => at), drawn.map(([, value]) => value)];
      return { mark: 'line', name: `${run}, ${backend}`, x, y, color, style: styles[i % styles.length]! };
    }),
  );
}

/** The mean over the `width` points up to each; fewer at the start. */
function averaged(
  points: readonly (readonly [number, number])[],
  width: number,
): readonly (readonly [number, number])[] {
  if (width <= 1) return points;
  return points.map(([x], i) => {
    const window = points.slice(Math.max(0, i + 1 - width), i + 1);
    return [x, window.reduce((sum, [, y]) => sum + y, 0) / window.length] as const;
  });
}
