import { metricDirection } from '@anneal/core';
import { expect, test } from 'vitest';
import { readFixture } from '../../test/fixture.ts';

test('the direction of every metric that Keras ships is what its mode "auto" finds', () => {
  const [one] = readFixture('keras', 'directions').cases as unknown as readonly [
    { readonly directions: Readonly<Record<string, 'min' | 'max' | null>> },
  ];
  const names = Object.keys(one.directions);
  expect(names.length).toBeGreaterThan(40);
  for (const prefix of ['', 'val_']) {
    const found = Object.fromEntries(names.map((name) => [name, metricDirection(prefix + name) ?? null]));
    expect(found).toEqual(one.directions);
  }
});
