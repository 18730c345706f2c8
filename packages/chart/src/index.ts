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
export { formatNumber, type Unit } from './numbers/formatNumber.ts';
export { ChartError, type ChartErrorCode } from './chartError.ts';
