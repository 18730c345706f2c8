// Written by `pnpm generate` from the files beside it; do not edit.
import type { Outline } from '../look/outline.ts';
import { outline as add } from '../combinators/add.ts';
import { outline as annealFrom } from '../combinators/annealFrom.ts';
import { outline as clamp } from '../combinators/clamp.ts';
import { outline as dampen } from '../combinators/dampen.ts';
import { outline as hold } from '../combinators/hold.ts';
import { outline as inEpochs } from '../combinators/inEpochs.ts';
import { outline as multiply } from '../combinators/multiply.ts';
import { outline as noise } from '../combinators/noise.ts';
import { outline as perEpoch } from '../combinators/perEpoch.ts';
import { outline as pulse } from '../combinators/pulse.ts';
import { outline as quantize } from '../combinators/quantize.ts';
import { outline as recurrence } from '../combinators/recurrence.ts';
import { outline as repeat } from '../combinators/repeat.ts';
import { outline as scale } from '../combinators/scale.ts';
import { outline as scaleToBatch } from '../combinators/scaleToBatch.ts';
import { outline as sequence } from '../combinators/sequence.ts';
import { outline as shift } from '../combinators/shift.ts';
import { outline as stretch } from '../combinators/stretch.ts';
import { outline as warmup } from '../combinators/warmup.ts';

/** The outline of each definition that has one, by its type. */
export const outlines: Readonly<Record<string, Outline<never>>> = { add, annealFrom, clamp, dampen, hold, inEpochs, multiply, noise, perEpoch, pulse, quantize, recurrence, repeat, scale, scaleToBatch, sequence, shift, stretch, warmup };
