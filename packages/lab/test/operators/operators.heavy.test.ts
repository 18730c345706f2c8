import { describeOperators } from './contract.ts';

const draws = { seed: 3, numRuns: 60 };
describeOperators('cpu', draws);
describeOperators('wasm', draws);
