import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { elementsOf } from '../tensor.ts';
import type { Example } from './examples.ts';
import type { Field } from './fields.ts';
import { refuseField, type Place } from './place.ts';

/** A row, and where it stands. */
export interface CsvRow {
  readonly example: Example;
  readonly place: Place;
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The rows of a CSV file whose first line names the columns. A field is a column of its name, or several of the names `name[0]`, `name[1]` …;
 * where the model has one input and no column has its name, every column that is no other field and not `split` is an element of it, in their
 * order.
 */
export function csvRows(text: string, file: string, fields: readonly Field[]): readonly CsvRow[] {
  const [header, ...rows] = parsed(text, file);
  if (header === undefined)
    return refuseField({ file, line: 1 }, 'the first line', 'must name the columns; the file is empty');
  const names = header.record.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) refuseField({ file, line: 1 }, twice, 'must name one column; it names two');
  const columns = columnsOf(fields, names, file);
  return rows.map(({ record, info }): CsvRow => {
    const place = { file, line: info.lines };
    const entries = columns.map(({ field, at }): [string, unknown] => {
      const values = at.map((i) => cell(record[i] as string, field, names[i] as string, place));
      return [field.name, at.length === 1 ? values[0] : values];
    });
    const split = names.indexOf('split');
    if (split >= 0) entries.push(['split', record[split]]);
    return { example: Object.fromEntries(entries), place };
  });
}

function parsed(text: string, file: string): readonly Parsed[] {
  try {
    return parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as readonly Parsed[];
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = (cause as unknown as { readonly lines?: number }).lines ?? 1;
    return refuseField({ file, line }, 'the row', `must be CSV: ${cause.message}`);
  }
}

/** The columns that each field is made of. */
function columnsOf(
  fields: readonly Field[],
  names: readonly string[],
  file: string,
): { field: Field; at: readonly number[] }[] {
  const found = fields.map((field) => {
    const single = names.indexOf(field.name);
    if (single >= 0) return { field, at: [single] };
    const at: number[] = [];
    for (let i = names.indexOf(`${field.name}[0]`); i >= 0; i = names.indexOf(`${field.name}[${at.length}]`))
      at.push(i);
    return { field, at };
  });
  const taken = new Set(found.flatMap(({ at }) => at));
  const rest = names.flatMap((name, i) => (taken.has(i) || name === 'split' ? [] : [i]));
  const inputs = found.filter(({ field }) => field.role === 'input');
  return found.map(({ field, at }) => {
    if (at.length > 0) return { field, at };
    const size = elementsOf(field.dims.map((dim) => dim ?? 1));
    const open = field.dims.includes(undefined);
    if (field.role === 'input' && inputs.length === 1 && rest.length > 0 && (open || rest.length === size))
      return { field, at: rest };
    const wanted = `a column of this name, or columns ${field.name}[0] to ${field.name}[${size - 1}]`;
    return refuseField({ file, line: 1 }, field.name, `must have ${wanted}; the columns are ${names.join(', ')}`);
  });
}

/** A number; the name of a class stays a text. */
function cell(text: string, field: Field, column: string, place: Place): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return refuseField(place, column, 'must hold a value; it is empty');
  const number = Number(trimmed);
  if (!Number.isNaN(number)) return number;
  return field.names ? trimmed : refuseField(place, column, `must hold a number; received ${JSON.stringify(text)}`);
}
