import { ScheduleError, show } from '@anneal/core';

/** What a scale function does to the cycles of core's `cyclic`: their first height, and its change by cycle or step. */
export interface Scaling {
  readonly height?: number;
  readonly cycleFactor?: number;
  readonly gamma?: number;
}

const number = String.raw`(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)`;
const forms = [
  { text: 'c', pattern: `^${number}$`, read: (c: number) => ({ base: 1, first: c }) },
  { text: 'c ** x', pattern: String.raw`^${number}\*\*V$`, read: (c: number) => ({ base: c, first: 1 }) },
  {
    text: 'c ** (x - 1)',
    pattern: String.raw`^${number}\*\*\(V-1\)$`,
    read: (c: number) => ({ base: c, first: 1 / c }),
  },
  {
    text: '1 / (c ** (x - 1))',
    pattern: String.raw`^1(?:\.0*)?/\(${number}\*\*\(V-1\)\)$`,
    read: (c: number) => ({ base: 1 / c, first: c }),
  },
  {
    text: '1 / (c ** (x * d))',
    pattern: String.raw`^1(?:\.0*)?/\(${number}\*\*\(V\*${number}\)\)$`,
    read: (c: number, d: number) => ({ base: c ** -d, first: 1 }),
  },
] as const;

/**
 * CyclicLR's `scale_fn`, the text of a Python lambda that is a power of its argument: the number of the cycle, from 1,
 * or the step. The text is never evaluated; what is no such power is refused.
 */
export function readScaleFunction(text: string, mode: 'cycle' | 'iterations', path: string): Scaling {
  const [, variable, body = ''] = /^\s*lambda\s+([A-Za-z_]\w*)\s*:(.*)$/.exec(text) ?? [];
  for (const { pattern, read } of forms) {
    const found =
      variable === undefined ? null : new RegExp(pattern.replaceAll('V', variable)).exec(body.replace(/\s+/g, ''));
    if (found === null) continue;
    const [, c, d] = found.map(Number);
    const { base, first } = read(c!, d!);
    // The first cycle has number 1, the first step number 0.
    return mode === 'cycle' ? { height: first * base, cycleFactor: base } : { height: first, gamma: base };
  }
  const rule = `the text of a lambda in one of the forms ${forms.map((form) => `"lambda x: ${form.text}"`).join(', ')}`;
  throw new ScheduleError(
    'function',
    `${path}/scale_fn`,
    `CyclicLR: scale_fn must be ${rule}; received ${show(text)}`,
    { type: 'CyclicLR', parameter: 'scale_fn', rule, received: text },
  );
}
