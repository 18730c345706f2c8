import { createScheduler, planToJSON, ScheduleError, type Metrics, type Parser, type Plan } from '@anneal/core';
import { expect } from 'vitest';
import type { Fixture, FixtureCase } from './fixture.ts';

/** Reads a description as the framework writes it. */
export type Read = (description: unknown, horizon?: FixtureCase['horizon'] & object) => Plan;

/** What was compared. The worst difference is printed: the largest |a−b| / max(|b|, 10⁻³·peak). */
export interface Agreement {
  readonly cases: number;
  readonly values: number;
}

/**
 * The bar in float64: |a−b| ≤ 1e-12·max(|b|, 10⁻³·peak), peak being the largest recorded value of the case.
 *
 * PyTorch's recursions accumulate a rounding per step, 7e-14 relative over a million steps; a value near zero is a
 * difference of larger ones, whose rounding is relative to the peak.
 */
export const relativeBar = 1e-12;

/**
 * Compares every case of a fixture with the plan that `read` makes of its description, and prints what was compared.
 *
 * A case that the framework refuses must be refused; `unsupported` names the cases that the framework accepts and we
 * refuse by name, each with the reason.
 */
export function expectAgreement(
  name: string,
  fixture: Fixture,
  read: Read,
  unsupported: Readonly<Record<string, string>> = {},
): Agreement {
  let values = 0;
  const worst = { float64: 0, float32: 0 };
  for (const one of fixture.cases) {
    if (isRefused(one) || unsupported[one.id] !== undefined) {
      expect(() => read(one.description, one.horizon), `${name} ${one.id} must be refused`).toThrow(ScheduleError);
      continue;
    }
    const { groups: _, ...tracks } = createScheduler(read(one.description, one.horizon)).values();
    expect(Object.keys(tracks).sort(), `${name} ${one.id}: tracks`).toEqual(Object.keys(one.values).sort());
    const precision = one.precision ?? 'float64';
    for (const [track, recorded] of Object.entries(one.values)) {
      const ours = replay(read(one.description, one.horizon), one, track);
      expect(recorded.length, `${name} ${one.id} ${track}: nothing is recorded`).toBeGreaterThan(0);
      const finite = recorded.filter((value) => value !== null);
      const peak = Math.max(...finite.map(Math.abs));
      recorded.forEach((theirs, i) => {
        const at = `${name} ${one.id} ${track} at step ${one.steps[i]}`;
        if (theirs === null) throw new Error(`${at}: the recorded value is not finite`);
        const bar = barOf(one, theirs, peak, finite[0]!);
        const off = Math.abs(ours[i]! - theirs);
        const exception = one.except?.find(({ step }) => step === one.steps[i]);
        if (exception !== undefined) {
          expect(off, `${at}: stands as an exception (${exception.why}) but agrees`).toBeGreaterThan(bar);
          return;
        }
        values += 1;
        const relative = off === 0 ? 0 : off / Math.max(Math.abs(theirs), 1e-3 * peak);
        worst[precision] = Math.max(worst[precision], relative);
        if (!(off <= bar)) expect.fail(`${at}: ${ours[i]} but recorded ${theirs}\n${JSON.stringify(one.description)}`);
      });
    }
  }
  const compared = fixture.cases.length;
  const differences = [
    ...(fixture.cases.some(({ precision }) => precision === undefined) ? [worst.float64.toExponential(1)] : []),
    ...(fixture.cases.some(({ precision }) => precision === 'float32')
      ? [`float32 ${worst.float32.toExponential(1)}`]
      : []),
  ];
  process.stdout.write(
    `${name}: ${compared} cases, ${values} values, worst relative difference ${differences.join(', ')}\n`,
  );
  return { cases: compared, values };
}

/** A case that raises, but for one named past that raises because it is over, is a description that cannot be used. */
function isRefused({ id, error, refused }: FixtureCase): boolean {
  return refused !== undefined || (error !== undefined && !id.startsWith('past'));
}

export function barOf(one: FixtureCase, theirs: number, peak: number, first: number): number {
  if (one.precision !== 'float32') return relativeBar * Math.max(Math.abs(theirs), 1e-3 * peak);
  // Four float32 roundings of the value, and of the exponent where the value is a power: relative error grows with its log.
  const log = theirs === 0 || first === 0 ? 0 : Math.abs(Math.log(Math.abs(theirs / first)));
  return 2 ** -22 * Math.max(peak, Math.abs(theirs) * (1 + log));
}

/** Our values of one track at the recorded steps; with metrics, reported one after each update. */
export function replay(plan: Plan, { steps, metrics }: FixtureCase, track: string): readonly (number | undefined)[] {
  const scheduler = createScheduler(plan);
  const valueAt = (step?: number): number | undefined =>
    (scheduler.values(step) as unknown as Readonly<Record<string, number | undefined>>)[track];
  if (metrics === undefined) return steps.map((step) => valueAt(step));
  const wanted = new Set(steps);
  const found: (number | undefined)[] = wanted.has(0) ? [valueAt()] : [];
  const monitors = [...scheduler.monitors(), ...allMonitors(plan)];
  metrics.forEach((metric, t) => {
    // What came of update t is reported after it, when the scheduler is at t + 1.
    scheduler.advance();
    scheduler.report(metricsOf(metric, monitors));
    if (wanted.has(t + 1)) found.push(valueAt());
  });
  return found;
}

const allMonitors = (plan: Plan): readonly string[] => {
  const track = plan.learningRate;
  return typeof track === 'object' ? Object.values(track.controllers ?? {}).map(({ use }) => use.monitor) : [];
};

function metricsOf(metric: NonNullable<FixtureCase['metrics']>[number], monitors: readonly string[]): Metrics {
  const given = typeof metric === 'object' && metric !== null ? metric : undefined;
  const entries =
    given === undefined ? monitors.map((name) => [name, metric as number | null] as const) : Object.entries(given);
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? NaN]));
}

/** How many plans say and do the same after a trip through their JSON form; throws at the first that does not. */
export function expectJsonTrip(fixture: Fixture, read: Read, parse: Parser): number {
  const usable = fixture.cases.filter((one) => !isRefused(one));
  for (const one of usable) {
    const plan = read(one.description, one.horizon);
    const text = JSON.stringify(planToJSON(plan));
    const again = parse(JSON.parse(text));
    const [before, after] = [createScheduler(plan), createScheduler(again)];
    const same = one.steps.every((step) => JSON.stringify(before.values(step)) === JSON.stringify(after.values(step)));
    if (!same || JSON.stringify(planToJSON(again)) !== text)
      throw new Error(`${one.id}: another plan after its JSON, ${text}`);
  }
  return usable.length;
}

/**
 * The recorded cases hold every pair of levels of two options, every parameter of the framework's own signature among
 * them with a level that is not its default. `ignored` names parameters that carry no number, each with the reason.
 */
export function expectCoverage(name: string, fixture: Fixture, ignored: Readonly<Record<string, string>> = {}): void {
  const { options, excluded, signature = {}, cases } = fixture;
  for (const [parameter, initial] of Object.entries(signature)) {
    if (ignored[parameter] !== undefined) continue;
    const levels = options[parameter];
    expect(levels, `${name}: no levels for the parameter ${parameter}`).toBeDefined();
    const others = levels!.filter((level) => level !== null && JSON.stringify(level) !== JSON.stringify(initial));
    expect(others.length, `${name}: only the default of ${parameter} is recorded`).toBeGreaterThan(0);
  }
  const key = (a: string, x: unknown, b: string, y: unknown): string => JSON.stringify([a, x, b, y]);
  const held = new Set<string>();
  for (const one of cases.filter(({ pairwise }) => pairwise === true)) {
    const entries = Object.entries(one.levels!);
    for (const [a, x] of entries) for (const [b, y] of entries) held.add(key(a, x, b, y));
  }
  const impossible = new Set(excluded.flatMap(([a, x, b, y]) => [key(a, x, b, y), key(b, y, a, x)]));
  const names = Object.keys(options);
  if (names.length > 1 && held.size === 0) throw new Error(`${name}: no case says which levels it holds`);
  const missing = names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .flatMap((b) =>
        options[a]!.flatMap((x) =>
          options[b]!.map((y) => key(a, x, b, y)).filter((pair) => !held.has(pair) && !impossible.has(pair)),
        ),
      ),
  );
  expect(missing, `${name}: pairs of levels without a case`).toEqual([]);
}
