import { escape } from './escape.ts';

/** The part of Markdown that reports use: headings, paragraphs, `code` and fenced code. */
export function markdownToHtml(markdown: string): string {
  const html: string[] = [];
  const fence = /^```\w*\n([\s\S]*?)^```$/gm;
  let from = 0;
  for (const match of markdown.matchAll(fence)) {
    html.push(...blocks(markdown.slice(from, match.index)), `<pre>${escape(match[1]!.trimEnd())}</pre>`);
    from = match.index + match[0].length;
  }
  return [...html, ...blocks(markdown.slice(from))].join('\n');
}

function blocks(markdown: string): string[] {
  return markdown
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => {
      const [, marks, heading] = /^(#{1,6}) (.*)$/.exec(block) ?? [];
      return marks === undefined
        ? `<p>${inline(block)}</p>`
        : `<h${marks.length}>${inline(heading!)}</h${marks.length}>`;
    });
}

const inline = (text: string): string => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
