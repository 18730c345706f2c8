export { terminalFigure, type TerminalOptions } from './terminalFigure.ts';
