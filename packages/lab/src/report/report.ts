import type { Figure } from '@anneal/chart';

/** A part of a report, as data. */
export type Section =
  | { readonly kind: 'text'; readonly markdown: string }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly (string | number | null)[])[];
    }
  | {
      readonly kind: 'figure';
      /** What is drawn, beside the figure's title. */
      readonly caption: string;
      readonly figure: Figure;
    };

/** What a study has to say; HTML, terminal, CSV and TensorBoard are writers of it. */
export interface Report {
  readonly title: string;
  readonly sections: readonly Section[];
  /** The command that makes the same again. */
  readonly command: string;
}
