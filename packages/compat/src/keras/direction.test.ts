import { expect, test } from 'vitest';
import { readFixture } from '../../test/fixture.ts';
import { directionOf } from './direction.ts';

test('the direction of every metric that Keras ships is what its mode "auto" finds', () => {
  const [one] = readFixture('keras', 'directions').cases as unknown as readonly [
    { readonly directions: Readonly<Record<string, 'min' | 'max' | null>> },
  ];
  const names = Object.keys(one.directions);
  expect(names.length).toBeGreaterThan(40);
  for (const prefix of ['', 'val_']) {
    const found = Object.fromEntries(names.map((name) => [name, directionOf(prefix + name) ?? null]));
    expect(found).toEqual(one.directions);
  }
});

test('loss falls, whatever the model', () => {
  expect([directionOf('loss'), directionOf('val_loss'), directionOf('reward')]).toEqual(['min', 'min', undefined]);
});
