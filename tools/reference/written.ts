// Prints the Python that `write` makes, for the programs that execute it:
//   npx tsx --conditions=@anneal/source tools/reference/written.ts keras | python tools/reference/keras_written.py
import process from 'node:process';
import { writtenPlans, type Framework } from '../../packages/compat/test/written.ts';

const { written } = writtenPlans(process.argv[2] as Framework);
process.stdout.write(JSON.stringify(written.map((one) => ({ ...one, plan: undefined }))));
