import type { LineMark } from '../figure.ts';

interface LineStyle {
  readonly strokeWidth: number;
  readonly strokeOpacity?: number;
  readonly strokeDasharray?: string;
}

/** How a line looks; a broad one stays visible under others. */
export const lineStyles: Readonly<Record<NonNullable<LineMark['style']>, LineStyle>> = {
  solid: { strokeWidth: 1.8 },
  broad: { strokeWidth: 6, strokeOpacity: 0.38 },
  dashed: { strokeWidth: 1.8, strokeDasharray: '5 4' },
};
