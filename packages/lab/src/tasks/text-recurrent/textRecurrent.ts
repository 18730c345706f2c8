import { recurrent } from '../../models/recurrent.ts';
import type { Task } from '../task.ts';
import { mobyDick, vocabulary } from '../text/book.ts';
import { text } from '../text/text.ts';
import { length, textSource } from '../text/textSource.ts';

/** The same text for a small recurrent network. */
export const textRecurrent: Task = {
  ...text,
  name: 'text-recurrent',
  description: 'Next character of Moby-Dick, long short-term memory of 64 units',
  note: 'A recurrent network is unrolled over 32 characters, and forgets everything between two examples.',
  model: recurrent({ vocabulary, width: 32, units: 64, length }),
  defaults: { ...text.defaults, epochs: 3 },
  open: async (run) => textSource(await mobyDick('text-recurrent'), run),
};
