/** Colours of figures, as custom properties: those of light paper, and those of a dark screen. Okabe and Ito's, adjusted. */
const light =
  '--ground:#fff;--ink:#1c2024;--quiet:#5d6570;--rule:#e3e6ea;--s0:#1f6feb;--s1:#c2570c;--s2:#12805c;--s3:#a3328f;--s4:#8a6d00;--s5:#6b7280';
const dark =
  '--ground:#14181d;--ink:#e7eaee;--quiet:#9aa4b0;--rule:#2c333b;--s0:#6ea8fe;--s1:#f59a5c;--s2:#4cc89d;--s3:#e38fd4;--s4:#dcb94a;--s5:#9ca3af';

/** The class of every figure. */
export const figureClass = 'anneal-figure';

/**
 * The style of every figure, for a page that holds some: it stands in the page once.
 *
 * @param scope a selector whose custom properties the colours become. They follow the reader's choice of light or dark, and the
 *   attribute `data-theme="light"` or `"dark"` of that element where a page has a switch.
 */
export function figureStyle(scope = ':root'): string {
  return [
    `${scope}{color-scheme:light dark;${light}}`,
    `@media (prefers-color-scheme:dark){${scope}{${dark}}}`,
    `${scope}[data-theme=light]{color-scheme:light;${light}}`,
    `${scope}[data-theme=dark]{color-scheme:dark;${dark}}`,
    `.${figureClass}{display:block;max-width:100%;height:auto;color:var(--quiet);font:12px ui-sans-serif,system-ui,sans-serif;font-variant-numeric:tabular-nums}`,
    `.${figureClass} text{white-space:pre}.${figureClass} .title{fill:var(--ink);font-size:14px;font-weight:600}.${figureClass} .name{fill:var(--ink);font-size:13px}`,
  ].join('\n');
}

/** The style of a figure that is a file of its own: on its own ground. */
export const ownStyle = (): string => `${figureStyle(`.${figureClass}`)}\n.${figureClass}{background:var(--ground)}`;
