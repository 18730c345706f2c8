export type {
  AreaMark,
  BarMark,
  Channel,
  DotMark,
  Figure,
  IntervalMark,
  LineMark,
  Mark,
  NumberScale,
  Place,
  RuleMark,
  Scale,
  WordScale,
} from './figure.ts';
export { checkFigure } from './checkFigure.ts';
export { describeFigure } from './describeFigure.ts';
export { formatNumber, type Unit } from './numbers/formatNumber.ts';
export { linearTicks, logTicks, tickLabels } from './numbers/ticks.ts';
export { figureStyle } from './style/figureStyle.ts';
export { ChartError, type ChartErrorCode } from './chartError.ts';
