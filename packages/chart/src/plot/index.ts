export { drawFigure, type DrawOptions } from './drawFigure.ts';
export type { StillOptions } from './figureElement.ts';
