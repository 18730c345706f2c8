import { transformer } from '../../models/transformer.ts';
import type { Task } from '../task.ts';
import { mobyDick, vocabulary } from '../text/book.ts';
import { text } from '../text/text.ts';
import { length, textSource } from '../text/textSource.ts';

/** The same text for a transformer that is normalised after each part, as the first ones were. */
export const textPostNorm: Task = {
  ...text,
  name: 'text-post-norm',
  description: 'Next character of Moby-Dick, post-norm transformer of 6 blocks, width 64',
  note: 'Normalised after each part, a deep transformer under Adam at a high rate gets lost without warm-up: here it shows.',
  model: transformer({ norm: 'post', blocks: 6, width: 64, heads: 4, vocabulary, length }),
  defaults: {
    ...text.defaults,
    epochs: 3,
    // A third of what the other bears: at the same rate it needs a longer warm-up than a tenth of the run.
    peakRate: (optimizer) => text.defaults.peakRate(optimizer) / 3,
  },
  open: async (run) => textSource(await mobyDick('text-post-norm'), run),
};
