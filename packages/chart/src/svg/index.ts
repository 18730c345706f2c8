export { figureSvg, type SvgOptions } from './figureSvg.ts';
