import { ChartError } from './chartError.ts';
import type { Figure, Mark, Place, Scale } from './figure.ts';
import type { Unit } from './numbers/formatNumber.ts';

const units: readonly Unit[] = ['step', 'epoch', 'rate', 'share', 'nats', 'return', 'seconds', 'bytes', 'number'];

const channels: Readonly<Record<Mark['mark'], readonly string[]>> = {
  line: ['x', 'y'],
  area: ['x', 'low', 'high'],
  dot: ['x', 'y'],
  interval: ['x', 'y', 'low', 'high'],
  bar: ['x', 'y'],
  rule: ['x', 'y'],
};

/**
 * Whether a figure agrees with itself: scales with two different ends, channels of one length, words that their scale has, numbers where
 * numbers stand. Every way of drawing asks this first.
 *
 * @throws ChartError `figure`, naming the place.
 */
export function checkFigure(figure: Figure): void {
  if (typeof figure !== 'object' || figure === null || !Array.isArray(figure.marks))
    refuse('', 'a figure must be an object with title, x, y and marks');
  checkText('title', figure.title);
  checkScale('x', figure.x);
  checkScale('y', figure.y);
  figure.marks.forEach((mark, i) => checkMark(`marks/${i}`, mark, figure));
}

function checkScale(path: string, scale: Scale): void {
  if (typeof scale !== 'object' || scale === null) refuse(path, 'a scale must be an object with label and unit');
  checkText(`${path}/label`, scale.label);
  if (scale.type === 'words') {
    const { domain } = scale;
    if (!Array.isArray(domain) || domain.length === 0 || !domain.every((word) => typeof word === 'string'))
      refuse(`${path}/domain`, 'a scale of words must list them');
    if (new Set(domain).size < domain.length) refuse(`${path}/domain`, 'a scale of words must have each of them once');
    return;
  }
  const { type = 'linear', domain } = scale;
  if (!['linear', 'log'].includes(type))
    refuse(`${path}/type`, `must be "linear", "log" or "words"; received ${JSON.stringify(type)}`);
  if (!units.includes(scale.unit))
    refuse(`${path}/unit`, `must be one of ${units.join(', ')}; received ${JSON.stringify(scale.unit)}`);
  if (domain === undefined) return;
  const [min, max] = domain;
  if (
    domain.length !== 2 ||
    !Number.isFinite(min) ||
    !Number.isFinite(max) ||
    !(min < max) ||
    (type === 'log' && min <= 0)
  )
    refuse(
      `${path}/domain`,
      `must be two finite numbers${type === 'log' ? ' > 0' : ''}, the smaller first; received [${domain.join(', ')}]`,
    );
}

function checkMark(path: string, mark: Mark, figure: Figure): void {
  const known = typeof mark === 'object' && mark !== null && Object.hasOwn(channels, mark.mark) && channels[mark.mark];
  if (known === false)
    return refuse(
      `${path}/mark`,
      `must be one of ${Object.keys(channels).join(', ')}; received ${JSON.stringify((mark as Mark | null)?.mark)}`,
    );
  const keys = ['mark', 'name', 'color', ...known, ...(mark.mark === 'line' ? ['style'] : [])];
  const strange = Object.keys(mark).find((key) => !keys.includes(key));
  if (strange !== undefined)
    refuse(path, `unknown key ${JSON.stringify(strange)} of a mark "${mark.mark}"; known: ${keys.join(', ')}`);
  checkText(`${path}/name`, mark.name);
  if (mark.color !== undefined && !(Number.isInteger(mark.color) && mark.color >= 0))
    refuse(`${path}/color`, `must be a whole number >= 0; received ${String(mark.color)}`);
  const given = known.flatMap((name) => {
    const value = (mark as unknown as Readonly<Record<string, Place | number | undefined>>)[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  if (mark.mark === 'rule' || mark.mark === 'interval') {
    const along = given.filter(([name]) => name === 'x' || name === 'y');
    if (along.length !== 1) refuse(path, `a mark "${mark.mark}" must have x or y, and not both`);
  }
  if (mark.mark === 'rule') {
    const [name, value] = given[0]!;
    if (!Number.isFinite(value) || figure[name as 'x' | 'y'].type === 'words')
      refuse(`${path}/${name}`, `must be a finite number along numbers; received ${JSON.stringify(value)}`);
    return;
  }
  const needed = mark.mark === 'interval' ? 3 : known.length;
  if (given.length !== needed) refuse(path, `a mark "${mark.mark}" must have ${known.join(', ')}`);
  if ((mark.mark === 'line' || mark.mark === 'area') && (figure.x.type === 'words' || figure.y.type === 'words'))
    refuse(path, `a mark "${mark.mark}" must run along numbers in both directions`);
  const lengths = given.map(([, value]) => (value as Place).length);
  if (lengths.some((length) => length !== lengths[0] || length === undefined))
    refuse(
      path,
      `its channels must be as long as each other; ${given.map(([name], i) => `${name} has ${lengths[i]}`).join(', ')}`,
    );
  for (const [name, value] of given) checkChannel(`${path}/${name}`, value as Place, scaleOf(name, mark, figure));
  if (mark.mark === 'bar' && (figure.x.type === 'words') === (figure.y.type === 'words'))
    refuse(path, 'a mark "bar" must stand at words of one direction, and reach to numbers of the other');
}

/** Whose numbers a channel holds: those of an interval, or of an area, run along the direction that has no places. */
function scaleOf(channel: string, mark: Mark, { x, y }: Figure): Scale {
  if (channel === 'x') return x;
  if (channel === 'y') return y;
  return mark.mark === 'interval' && mark.y !== undefined ? x : y;
}

function checkChannel(path: string, channel: Place, scale: Scale): void {
  for (let i = 0; i < channel.length; i++) {
    const value = channel[i];
    if (scale.type === 'words') {
      if (!scale.domain.includes(value as string))
        refuse(
          `${path}/${i}`,
          `must be a word of its scale (${scale.domain.join(', ')}); received ${JSON.stringify(value)}`,
        );
    } else if (value !== null && typeof value !== 'number')
      refuse(`${path}/${i}`, `must be a number or null; received ${JSON.stringify(value)}`);
  }
}

function checkText(path: string, text: unknown): void {
  if (typeof text !== 'string' || text === '') refuse(path, `must be a text; received ${JSON.stringify(text)}`);
}

function refuse(path: string, message: string): never {
  throw new ChartError('figure', path, message);
}
