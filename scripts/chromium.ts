import { existsSync } from 'node:fs';
import process from 'node:process';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

/** Where Chromium is on this machine: `CHROMIUM_PATH`, else the first of the usual places; undefined if there is none. */
export function chromiumPath(): string | undefined {
  const wanted = process.env['CHROMIUM_PATH'];
  return (wanted === undefined ? usual : [wanted]).find((path) => existsSync(path));
}
