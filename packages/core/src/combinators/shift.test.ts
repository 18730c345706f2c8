import { expect, test } from 'vitest';
import { cyclic } from '../schedules/cyclic.ts';
import { shift } from './shift.ts';

test('the last steps that there are, moved earlier, are still steps', () => {
  const schedule = shift({ schedule: cyclic({ initValue: 0.1, peakValue: 1, upSteps: 5 }), shiftSteps: -1e300 });
  expect(Number.isFinite(schedule(Number.MAX_VALUE))).toBe(true);
});
