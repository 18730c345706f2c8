import { expect, test } from 'vitest';
import { noForm, pythonCall, pythonFloat, pythonList, pythonNumber } from './python.ts';

test('a float never reads as an int in Python, an int never as a float', () => {
  expect([1, 0.1, 1e-7, 1e21, 0, 2.5e-300].map(pythonFloat)).toEqual([
    '1.0',
    '0.1',
    '1e-7',
    '1e+21',
    '0.0',
    '2.5e-300',
  ]);
  expect([1, 10.5, 2 ** 53, 1e300].map(pythonNumber)).toEqual(['1', '10.5', '9007199254740992.0', '1e+300']);
});

test('a call leaves out what is undefined', () => {
  expect(pythonCall('f', { a: '1', b: undefined, c: pythonList(['2', '3']) })).toBe('f(a=1, c=[2, 3])');
});

test('the refusal names the schedule, the framework and the reason', () => {
  const error = noForm('optax', 'cyclic', 'it has no cycles', '/learningRate');
  expect(error.message).toBe('cyclic has no form in optax: it has no cycles');
  expect(error).toMatchObject({ code: 'invalid', path: '/learningRate', type: 'cyclic' });
});
