import type { DescribedDefinition, DescribedParameter } from './describeDefinitions.ts';

/** Stands in every generated page; the generator owns the pages that bear it, and only those. */
export const pageMark = '<!-- Written by `pnpm generate`';

const sections: Readonly<Record<string, string>> = {
  schedules: 'Schedules',
  combinators: 'Combinators',
  controllers: 'Controllers',
};

/** The index of all definitions by what they are. */
export function indexPage(definitions: readonly DescribedDefinition[]): string {
  const tables = Object.entries(sections).map(([folder, title]) => {
    const rows = definitions.filter((one) => one.folder === folder);
    return `## ${title}\n\n| name | what it is |\n| --- | --- |\n${rows
      .map(({ name, summary }) => `| [${name}](./${name}.md) | ${cell(summary)} |\n`)
      .join('')}`;
  });
  return `---
title: All schedules
---

${pageMark} from the definitions in packages/core/src; do not edit. -->

# All schedules

Every schedule, combinator and controller of \`@anneal/core\`. The name is the export, the file and the \`type\` in JSON.

${tables.join('\n')}`;
}

/** One definition's page. The comment \`figure\` marks where a drawing of the example's curve may be put. */
export function definitionPage(definition: DescribedDefinition): string {
  const { name, folder, summary, details, formula, example, exampleSpec, parameters } = definition;
  const facts = (
    [
      ['at step 0', definition.start],
      ['end', definition.end],
      ['source', definition.source?.join('; ')],
      ['elsewhere', definition.equivalents?.join('; ')],
      ['errors', definition.errors],
    ] as const
  ).filter(([, text]) => text !== undefined);
  return `---
title: ${name}
---

${pageMark} from packages/core/src/${folder}/${name}.ts; do not edit. -->

# ${name}

${markdown(summary)}

<!-- figure: ${JSON.stringify({ spec: exampleSpec, steps: definition.exampleSteps })} -->

\`\`\`text
${formula}
\`\`\`

${details === undefined ? '' : `${markdown(details)}\n\n`}| | |
| --- | --- |
${facts.map(([key, text]) => `| ${key} | ${cell(text!)} |\n`).join('')}
## Options

| option | what it is | must be | default |
| --- | --- | --- | --- |
${parameters.map(row).join('')}
## Example

\`\`\`ts
${example}
\`\`\`

The JSON form:

\`\`\`json
${JSON.stringify(exampleSpec, null, 2)}
\`\`\`
`;
}

function row({ name, prose, rule, required, computedDefault, default: initial, duration }: DescribedParameter): string {
  const shown = required ? 'required' : computedDefault === true ? 'computed' : shownDefault(initial);
  const forms = duration === true ? '; also `"5ep"`, `"10%"`' : '';
  return `| \`${name}\` | ${cell(prose)} | ${cell(rule)}${forms} | ${shown} |\n`;
}

/** A default as it reads in the table: the largest numbers there are stand for no limit. */
const shownDefault = (initial: unknown): string =>
  initial === Number.MAX_SAFE_INTEGER || initial === Number.MAX_VALUE ? 'no limit' : `\`${JSON.stringify(initial)}\``;

/** Text in a table cell. */
const cell = (text: string): string =>
  markdown(text)
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');

/** Prose in Markdown that Vue also reads: outside code spans, angle and square brackets and double braces are no markup. */
function markdown(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replaceAll('<', '&lt;')
            .replaceAll('{{', '&#123;&#123;')
            .replaceAll(/[*[\]]/g, '\\$&'),
    )
    .join('');
}
