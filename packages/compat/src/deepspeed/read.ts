import type { Plan } from '@anneal/core';
import { readObject, refusal, refuse } from '../readArguments.ts';
import { translations } from './schedulers.ts';

/**
 * Reads a scheduler of DeepSpeed, `{ "name": "WarmupDecayLR", "args": { "total_num_steps": 1000 }, "lr": 1e-3 }`; in
 * DeepSpeed's own configuration `type` and `params`, which are read too.
 *
 * Known are LRRangeTest, OneCycle (with Adam's β₁ as its momentum), WarmupLR, WarmupDecayLR and WarmupCosineLR. `lr` is
 * the optimizer's rate; WarmupCosineLR needs it, and WarmupLR without warmup_max_lr.
 *
 * @throws ScheduleError with the JSON pointer of an unknown class or argument, or of a value that DeepSpeed or we refuse
 * @example
 * read({ type: 'WarmupLR', params: { warmup_max_lr: 0.001, warmup_num_steps: 100 } })
 */
export function read(description: unknown): Plan {
  const given = readObject('deepspeed', description, '');
  const own = 'type' in given || 'params' in given;
  const keys = own ? ['type', 'params', 'lr'] : ['name', 'args', 'lr'];
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const message = `deepspeed: unknown key ${JSON.stringify(unknown)}; known: ${keys.join(', ')}`;
    throw refusal('unknownKey', message, `/${unknown}`);
  }
  const [nameKey, argsKey] = keys as [string, string];
  const { [nameKey]: name, [argsKey]: args, lr } = given;
  if (typeof name !== 'string') throw refuse('required', 'deepspeed', nameKey, 'the name of a scheduler', name, '');
  const translate = Object.hasOwn(translations, name) ? translations[name] : undefined;
  if (translate === undefined) {
    const known = Object.keys(translations).join(', ');
    throw refusal(
      'unknownType',
      `deepspeed: unknown scheduler ${JSON.stringify(name)}; known: ${known}`,
      `/${nameKey}`,
    );
  }
  const rate = (): number => {
    if (typeof lr === 'number' && lr >= 0 && lr < Infinity) return lr;
    throw refuse(lr === undefined ? 'required' : 'invalid', name, 'lr', "a number >= 0, the optimizer's rate", lr, '');
  };
  return translate(args ?? {}, rate, `/${argsKey}`);
}
