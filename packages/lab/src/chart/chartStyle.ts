/** Colours of charts, as custom properties: those of light paper, and those of a dark screen. Okabe and Ito's, adjusted. */
const light =
  '--ink:#1c2024;--quiet:#5d6570;--rule:#e3e6ea;--s0:#1f6feb;--s1:#c2570c;--s2:#12805c;--s3:#a3328f;--s4:#8a6d00;--s5:#6b7280';
const dark =
  '--ink:#e7eaee;--quiet:#9aa4b0;--rule:#2c333b;--s0:#6ea8fe;--s1:#f59a5c;--s2:#4cc89d;--s3:#e38fd4;--s4:#dcb94a;--s5:#9ca3af';

/** The style of every chart; its colours are custom properties of `scope`. */
export function chartStyle(scope = ':root'): string {
  return [
    `${scope}{color-scheme:light dark;${light}}`,
    `@media (prefers-color-scheme:dark){${scope}{${dark}}}`,
    '.chart{font:12px ui-sans-serif,system-ui,sans-serif;font-variant-numeric:tabular-nums}',
    '.chart text{fill:var(--quiet)}.chart .name{fill:var(--ink);font-size:13px}',
    '.chart .grid{stroke:var(--rule)}.chart .axis{stroke:var(--quiet)}',
    '.chart .series{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}',
    '.chart .broad{stroke-width:6;opacity:.38}.chart .dashed{stroke-dasharray:5 4}',
    ...Array.from({ length: 6 }, (_, i) => `.chart .s${i}{stroke:var(--s${i})}`),
  ].join('\n');
}

/** A chart as a file of its own: with its style inside, on its own ground. */
export function standalone(svg: string): string {
  const style = `<style>${chartStyle('.chart')}.chart{background:#fff}@media (prefers-color-scheme:dark){.chart{background:#14181d}}</style>`;
  return svg.replace('>', `>${style}`);
}
