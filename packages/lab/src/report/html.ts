import { figureStyle } from '@anneal/chart';
import { figureSvg } from '@anneal/chart/svg';
import { escape } from './escape.ts';
import { htmlStyle } from './htmlStyle.ts';
import { markdownToHtml } from './markdownToHtml.ts';
import type { Report, Section } from './report.ts';

/** A report as one HTML page that loads nothing. */
export function html({ title, sections, command }: Report): string {
  const [lead, ...rest] = sections;
  const body = [
    `<h1>${escape(title)}</h1>`,
    ...(lead === undefined ? [] : [`<div class="lead">${sectionHtml(lead)}</div>`]),
    ...rest.map(sectionHtml),
    '<h2>Run it again</h2>',
    `<pre>${escape(command)}</pre>`,
    '<p>The same settings give the same numbers in <code>metrics.jsonl</code>; only the times differ.</p>',
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
${figureStyle()}
${htmlStyle}
</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
</body>
</html>
`;
}

function sectionHtml(section: Section): string {
  switch (section.kind) {
    case 'text':
      return markdownToHtml(section.markdown);
    case 'table':
      return tableHtml(section);
    case 'figure':
      return figureHtml(section);
  }
}

function tableHtml({ caption, head, rows }: Extract<Section, { kind: 'table' }>): string {
  const numeric = head.map((_, i) => {
    const cells = rows.map((row) => String(row[i] ?? ''));
    return 2 * cells.filter((cell) => /^[-−]?\d[\d.,e%\s+−-]*$/.test(cell)).length > cells.length;
  });
  const cell = (tag: string) => (value: string | number | null, i: number) =>
    `<${tag}${numeric[i] === true ? ' class="number"' : ''}>${escape(String(value ?? ''))}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
  const above = caption === '' ? '' : `<p>${escape(caption)}</p>\n`;
  return `${above}<div class="scroll"><table><thead><tr>${head.map(cell('th')).join('')}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** A figure twice, for a wide page and for a phone; the style shows one of them. */
function figureHtml({ caption, figure }: Extract<Section, { kind: 'figure' }>): string {
  const wide = figureSvg(figure, { width: 760, height: 320, title: false });
  const narrow = figureSvg(figure, { width: 350, height: 330, title: false });
  return `<figure><figcaption><h2>${escape(figure.title)}</h2> <span>${escape(caption)}</span></figcaption><div class="wide">${wide}</div><div class="narrow">${narrow}</div></figure>`;
}
