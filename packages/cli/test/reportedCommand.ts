import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The words after `anneal` of the command that a run's report ends with, as a shell reads them; without `--out`. */
export function reportedCommand(folder: string): string[] {
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  const command = /<pre>(anneal train [^<]*)<\/pre>/.exec(html)![1]!;
  const text = command
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  const words = execFileSync('sh', ['-c', `anneal() { printf '%s\\0' "$@"; }; ${text}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
  words.splice(words.indexOf('--out'), 2);
  return words;
}
