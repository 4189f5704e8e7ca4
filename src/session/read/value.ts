/** Plain data on one line, for variables, watches and log points. */
import type { ShownUnit } from '../../kernel/seam/moment.ts';
import { noUnits, type Units, withUnit } from '../../kernel/text/data-text.ts';

const widest = 120;

/** `{term: 3, entries: [2]}`: short enough for a line. Fields with a unit are shown in it, too. */
export function valueText(value: unknown, width = widest, units: Units = noUnits): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'string') return quoted(value, width);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error || value instanceof RegExp) return cut(String(value), width);
  if (value instanceof Set || value instanceof Map) return valueText([...value], width, units);
  // A value that contains itself has no end.
  if (width < 0) return '…';
  return Array.isArray(value) ? listText(value, width, units) : mapText(value, width, units);
}

/**
 * The value of a field: `2000000 (2s)` in microseconds, `42 (0x2a)` in hexadecimal. Expressions
 * read the bare number.
 */
export function fieldValueText(
  value: unknown,
  unit: ShownUnit | undefined,
  units: Units,
  width = widest,
): string {
  const text = valueText(value, width, units);
  if (typeof value !== 'number' || unit === undefined) return text;
  const inUnit = withUnit(value, unit);
  return inUnit === text ? text : `${text} (${inUnit})`;
}

/** The longest part of a string that is shown. */
const textMost = 2_000;

/** A string by itself is shown at length; inside another value, up to its width. */
function quoted(text: string, width: number): string {
  const most = width === widest ? textMost : Math.max(width, 8);
  return JSON.stringify(cut(text, most));
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function listText(list: readonly unknown[], width: number, units: Units): string {
  if (list.length === 0) return '[]';
  let text = '';
  for (const [index, item] of list.entries()) {
    const part = valueText(item, width - text.length - 4, units);
    if (text.length + part.length > width || index >= 20) return `(${list.length}) [${text}…]`;
    text += (index > 0 ? ', ' : '') + part;
  }
  return list.length > 3 ? `(${list.length}) [${text}]` : `[${text}]`;
}

function mapText(map: object, width: number, units: Units): string {
  let text = '';
  for (const [key, item] of Object.entries(map)) {
    const room = width - text.length - key.length - 4;
    const part = `${key}: ${fieldValueText(item, units[key], units, room)}`;
    if (text.length + part.length > width) return `{${text}…}`;
    text += (text === '' ? '' : ', ') + part;
  }
  return `{${text}}`;
}

/** The kind of plain data that a value is: `list`, `map`, `number`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}
