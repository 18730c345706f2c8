import type { Plan } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { readFixture, type FixtureCase } from './fixture.ts';
import { writtenPlans, type Framework } from './written.ts';

type Recorded = FixtureCase & { readonly sha256: string };

/** What `read` can give and a framework has no form for, by the sentence that refuses it. */
const refusals: Readonly<Record<Framework, readonly RegExp[]>> = {
  keras: [],
  optax: [],
  paddle: [],
  timm: [],
  torch: [
    /^(ChainedScheduler|far|nested|SequentialLR|MultiplicativeLR) .*: recurrence has no form/,
    /^(ChainedScheduler|far|nested|SequentialLR) .*: momentum has no form in torch: it changes only along with the rate/,
    /^SequentialLR .*: sequence has no form in torch: (all its parts start from one rate|a part rises)/,
    /^OneCycleLR .*: cyclic has no form in torch: not with this shape/,
  ],
  transformers: [
    /^(polynomial|warmup_stable_decay) edge-\d+: sequence has no form in transformers: no SchedulerType goes this way/,
  ],
};

describe.each(Object.keys(refusals) as Framework[])('the Python written for %s', (framework) => {
  const { written, refused } = writtenPlans(framework);
  const fixture = readFixture(framework, 'written');
  const recorded = new Map((fixture.cases as readonly Recorded[]).map((one) => [one.sha256, one]));

  test('is the text that was executed: another one has to be recorded anew (tools/reference/written.ts)', () => {
    expect(written.map(({ sha256 }) => sha256).sort()).toEqual([...recorded.keys()].sort());
  });

  test('gives the values of the plan that it was written from', () => {
    const cases = written.map(({ id, sha256, steps, metrics }): FixtureCase => {
      const { values } = recorded.get(sha256)!;
      return { id, description: { sha256 }, steps, values, ...(metrics && { metrics }) };
    });
    const plans = new Map(written.map(({ sha256, plan }) => [sha256, plan]));
    const read = (description: unknown): Plan => plans.get((description as { sha256: string }).sha256)!;
    expect(expectAgreement(`${framework} written`, { ...fixture, cases }, read).values).toBeGreaterThan(1000);
  });

  test('exists for every plan that a description of the framework reads as, or is refused by name', () => {
    const known = refusals[framework];
    expect(refused.filter((sentence) => !known.some((refusal) => refusal.test(sentence)))).toEqual([]);
    // A refusal that no plan meets any more has to go from the table.
    expect(known.filter((refusal) => !refused.some((sentence) => refusal.test(sentence)))).toEqual([]);
  });
});
