import { elementwiseCases } from './elementwiseCases.ts';
import { imageCases } from './imageCases.ts';
import { linearCases } from './linearCases.ts';
import { moveCases } from './moveCases.ts';
import type { CaseTable } from './operatorCase.ts';
import { recurrentCases } from './recurrentCases.ts';

/** Every operator with uses of it; a name may add after a comma which ones. */
export const allCases: CaseTable = {
  ...elementwiseCases,
  ...linearCases,
  ...moveCases,
  ...imageCases,
  ...recurrentCases,
};
