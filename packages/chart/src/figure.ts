import type { Unit } from './numbers/formatNumber.ts';

/** A figure as data: what is drawn, along which scales, in which units. Plain JSON where its channels are arrays. */
export interface Figure {
  /** Stands above the figure, and is its name for those who do not see it. */
  readonly title: string;
  /** What those hear who do not see it; default the title with the names of what is drawn. */
  readonly description?: string;
  readonly x: Scale;
  readonly y: Scale;
  /** The first lies undermost. */
  readonly marks: readonly Mark[];
}

/** A figure whose scales are both numbers. */
export type NumberFigure = Figure & { readonly x: NumberScale; readonly y: NumberScale };

/** A direction of a figure: numbers, or words in an order. */
export type Scale = NumberScale | WordScale;

export interface NumberScale {
  /** Default "linear". On "log", numbers that are not above 0 are gaps. */
  readonly type?: 'linear' | 'log';
  readonly label: string;
  /** How numbers are written. */
  readonly unit: Unit;
  /** Its ends; default those of what is drawn, and 0 where bars stand or a linear y is otherwise all above or below it. */
  readonly domain?: readonly [min: number, max: number];
}

export interface WordScale {
  readonly type: 'words';
  readonly label: string;
  /** In the order of the axis: from the left, or from the top. */
  readonly domain: readonly string[];
}

/** Numbers along one direction; null and what is not finite are gaps. */
export type Channel = ArrayLike<number | null>;

/** Numbers of a number scale, or words of a word scale. */
export type Place = Channel | readonly string[];

interface Named {
  /** Marks of one name share their colour and their entry in the legend. */
  readonly name: string;
  /** Which of the six colours, from 0; default the place of the name among the names. */
  readonly color?: number;
}

/** A line through points in the order of x. */
export interface LineMark extends Named {
  readonly mark: 'line';
  readonly x: Channel;
  readonly y: Channel;
  /** Default "solid". A "broad" pale line lies under others and stays visible where they coincide. */
  readonly style?: 'solid' | 'broad' | 'dashed';
}

/** What lies between two lines, pale. */
export interface AreaMark extends Named {
  readonly mark: 'area';
  readonly x: Channel;
  readonly low: Channel;
  readonly high: Channel;
}

/** A dot for each point. */
export interface DotMark extends Named {
  readonly mark: 'dot';
  readonly x: Place;
  readonly y: Place;
}

/** From `low` to `high` at places of the other direction. */
export type IntervalMark = Named & { readonly mark: 'interval'; readonly low: Channel; readonly high: Channel } & (
    | { readonly x: Place; readonly y?: never }
    | { readonly y: Place; readonly x?: never }
  );

/** From 0 to a number, at words of the other direction. */
export interface BarMark extends Named {
  readonly mark: 'bar';
  readonly x: Place;
  readonly y: Place;
}

/** A line through the whole figure, across one direction, with its name beside it. */
export type RuleMark = Named & { readonly mark: 'rule' } & (
    | { readonly x: number; readonly y?: never }
    | { readonly y: number; readonly x?: never }
  );

/** Something drawn; `mark` says what. */
export type Mark = LineMark | AreaMark | DotMark | IntervalMark | BarMark | RuleMark;
