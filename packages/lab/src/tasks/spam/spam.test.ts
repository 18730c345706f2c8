import { expect, test } from 'vitest';
import { hashed, places } from './messages.ts';

const mail = (subject: string, body: string, more = ''): string =>
  `From: a@b.c\nSubject: ${subject}\n${more}\n\n${body}`;

test('a mail is the words of its subject and body, whatever its other headers say', () => {
  const plain = hashed(mail('Free offer', 'buy buy now'));
  expect(hashed(mail('Free offer', 'buy buy now', 'X-Spam-Flag: yes'))).toEqual(plain);
  expect(hashed(mail('FREE OFFER', 'Now, buy! '.replace('!', '') + 'buy'))).toEqual(plain);
  expect(hashed(mail('Free offer', 'buy now'))).not.toEqual(plain);
});

test('counts are damped, the whole has length 1, and nothing is nothing', () => {
  const weights = hashed(mail('', 'one one one two'));
  const found = [...weights].filter((weight) => weight > 0).sort((a, b) => a - b);
  expect(found[1]! / found[0]!).toBeCloseTo(Math.log(4) / Math.log(2), 5);
  expect(weights.reduce((sum, weight) => sum + weight ** 2, 0)).toBeCloseTo(1, 5);
  expect(hashed('')).toEqual(new Float32Array(places));
});
