import { readFileSync } from 'node:fs';
import { differenceOf } from '/work/compat/packages/compat/test/acceptance.ts';
import { translators } from '/work/compat/packages/compat/src/index.ts';
const [,, framework, only] = process.argv;
const { cases } = JSON.parse(readFileSync(`/work/compat/packages/compat/fixtures/accepted/${framework}.json`, 'utf8'));
const { read } = await (translators as any)[framework]();
let n = 0;
for (const one of cases) {
  let d: any;
  try { d = differenceOf(one, read); } catch (e: any) { d = { kind: 'CRASH', error: e.message }; }
  if (!d) continue;
  n += 1;
  if (only && !one.id.startsWith(only)) continue;
  const what = d.kind === 'refused' ? d.error.message.slice(0, 150) : d.kind === 'values' ? `step ${d.step}: ${d.ours} theirs ${d.theirs} ${one.error ?? ''}` : d.error;
  console.log(`${one.id} ${d.kind} | ${what} | ${JSON.stringify(one.description.args ?? one.description.config ?? one.description.lr_scheduler_kwargs ?? {})} ${one.description.lr ?? ''}`);
}
console.log(n, 'of', cases.length);
