export { liveFigure, type LiveFigure, type LiveOptions } from './liveFigure.ts';
