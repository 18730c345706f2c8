export { chartStyle, standalone } from './chartStyle.ts';
export { escape, lineChart, type ChartOptions, type Series } from './lineChart.ts';
export { linearTicks, logTicks, tickLabel } from './ticks.ts';
