/**
 * Plain data as short text: the fields of messages and events, for traces, panels and frames. A
 * mark in a value that was cut says how much is missing. The longest values are cut first, so that
 * a short field, such as a ballot, stays whole beside any long one.
 */
import { asDuration } from '../../protocol/units.ts';
import type { ShownUnit } from '../seam/moment.ts';

/** The units of the fields that are not shown as bare numbers. */
export type Units = Readonly<Record<string, ShownUnit>>;

export const noUnits: Units = Object.freeze({});

/** The room of the fields of a message in a trace or a tooltip, and in a label. */
export const detailsMost = 240;
export const labelMost = 80;

interface FieldsRoom {
  /** The approximate maximum length of the result, in characters. */
  readonly most?: number;
  /** A field of this name needs no name, in upper or lower case: `Command SET x 1`. */
  readonly nameless?: string;
}

/** `term 2, ballot {round: 1, node: n1}, not granted`. */
export function fieldsText(
  fields: Readonly<Record<string, unknown>>,
  units: Units,
  { most = detailsMost, nameless = '' }: FieldsRoom = {},
): string {
  const parts = Object.entries(fields).map(([name, value]): Part => {
    if (value === true) return { head: nameText(name) };
    if (value === false) return { head: `not ${nameText(name)}` };
    const common = { style: 'bare', unit: units[name] } as const;
    if (name.toLowerCase() !== nameless.toLowerCase() || name === '') {
      return { head: `${nameText(name)} `, value, ...common };
    }
    const isWords = Array.isArray(value) && value.every((item) => typeof item !== 'object');
    return { head: '', value: isWords ? value.join(' ') : value, ...common };
  });
  return fitted(withTransition(parts), most, units);
}

/** `from 1 to 2`, without a comma, for the two fields that say from what to what. */
function withTransition(parts: readonly Part[]): Part[] {
  return parts.map((part, index) => {
    const isTransition = part.head === 'to ' && parts[index - 1]?.head === 'from ';
    return isTransition ? { ...part, joint: ' ' } : part;
  });
}

/** A value on one line, cut to about `most` characters. A string by itself has no quotes. */
export function dataText(
  value: unknown,
  units: Units = noUnits,
  most = 60,
  unit?: ShownUnit,
): string {
  return valueText({ head: '', value, style: 'bare', unit }, most, units);
}

/** `2000000` of a field in microseconds as `2s`; 42 in hexadecimal as `0x2a`. */
export function withUnit(value: number, unit: ShownUnit): string {
  if (unit === 'hexadecimal') {
    return Number.isSafeInteger(value) && value >= 0 ? `0x${value.toString(16)}` : String(value);
  }
  const micros = value * unit;
  return Number.isSafeInteger(micros) ? asDuration(micros) : String(value);
}

interface Part {
  readonly head: string;
  /** Absent if the head says all. */
  readonly value?: unknown;
  /** Whether strings stand without quotes even if they hold spaces or look like numbers. */
  readonly style?: 'bare' | 'quoted';
  /** The unit of the field, if it is not a bare number. */
  readonly unit?: ShownUnit;
  /** What joins it to the part before it. */
  readonly joint?: string;
}

/**
 * A part gets at least this much room; if there are too many parts for that, the last are left out.
 */
const partLeast = 10;

function fitted(parts: readonly Part[], most: number, units: Units): string {
  if (parts.length === 0) return '';
  const count = Math.max(1, Math.min(parts.length, Math.floor(most / partLeast)));
  const shown = parts.slice(0, count);
  const texts = shown.map((part) => whole(part, most, units));
  let text = '';
  const room = roomOfEach(texts.map((one) => one?.length ?? Infinity), most - 2 * count);
  shown.forEach((part, index) => {
    const known = texts[index];
    const own = known !== undefined && known.length <= room ? known : cut(part, room, units);
    text += `${index === 0 ? '' : (part.joint ?? ', ')}${own}`;
  });
  const left = parts.length - count;
  return left > 0 ? `${text}, … ${left} more` : text;
}

/** The largest length for which all parts, each cut to it, fit into `most` characters. */
function roomOfEach(lengths: readonly number[], most: number): number {
  const ascending = [...lengths].sort((one, other) => one - other);
  let room = most;
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(room / (ascending.length - index));
    if (length > share) return Math.max(partLeast, share);
    room -= length;
  }
  return Infinity;
}

function cut(part: Part, most: number, units: Units): string {
  return `${part.head}${valueText(part, Math.max(4, most - part.head.length), units)}`;
}

/** All of a part, or undefined if that has more than `most` characters. */
function whole(part: Part, most: number, units: Units): string | undefined {
  if (!('value' in part)) return part.head;
  const text = wholeValue(part, most - part.head.length, units);
  return text === undefined ? undefined : `${part.head}${text}`;
}

function wholeValue(part: Part, most: number, units: Units): string | undefined {
  const { value } = part;
  if (typeof value !== 'object' || value === null) {
    const text = scalarText(part);
    return text.length > most ? undefined : text;
  }
  let text = '';
  for (const inner of partsOf(value, units, part.unit)) {
    const own = whole(inner, most - text.length, units);
    if (own === undefined) return undefined;
    text += `${text === '' ? '' : ', '}${own}`;
  }
  return text.length + 2 > most ? undefined : enclosed(value, text);
}

function valueText(part: Part, most: number, units: Units): string {
  const { value } = part;
  const text = wholeValue(part, most, units);
  if (text !== undefined) return text;
  if (typeof value !== 'object' || value === null) return cutText(scalarText(part), most);
  // Even the innermost values get the room of one part, so the depth must be limited.
  if (most <= partLeast) return enclosed(value, `… ${Object.keys(value).length}`);
  return enclosed(value, fitted(firstParts(value, most, units, part.unit), most - 2, units));
}

/** The parts that could be shown, and one placeholder object for each of the others. */
function firstParts(value: object, most: number, units: Units, unit?: ShownUnit): Part[] {
  const first: Part[] = [];
  const shown = Math.floor(most / partLeast) + 1;
  for (const part of partsOf(value, units, unit)) {
    first.push(part);
    if (first.length > shown) break;
  }
  const { length } = Array.isArray(value) ? value : Object.keys(value);
  const others = Math.max(0, length - first.length);
  return [...first, ...Array<Part>(others).fill({ head: '' })];
}

function* partsOf(value: object, units: Units, unit?: ShownUnit): Generator<Part> {
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) yield { head: '', value: item, style: 'quoted', unit };
    return;
  }
  for (const name in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    yield { head: `${nameText(name)}: `, value: inner, style: 'quoted', unit: units[name] };
  }
}

function enclosed(value: object, text: string): string {
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

function scalarText({ value, style, unit }: Part): string {
  if (typeof value === 'string') return stringText(value, style === 'bare');
  if (typeof value === 'number' && unit !== undefined) return withUnit(value, unit);
  if (Object.is(value, -0)) return '-0';
  return value === undefined ? 'not set' : String(value);
}

/** The longest string that is read as a whole. */
const stringMost = 2_000;

/** Quoted if it could be mistaken for something else, such as a number or the end of a list. */
function stringText(text: string, isBare: boolean): string {
  const begin = text.length > stringMost ? text.slice(0, stringMost) : text;
  const isWord = /^[\p{L}_$@/][\p{L}\p{N}_$.:@/#+-]*$/u.test(begin);
  const isReserved = /^(true|false|null|NaN|Infinity)$/.test(begin);
  if ((isWord && !isReserved) || (isBare && begin.trim() !== '')) {
    return `${printable(begin)}${missing(text.length - begin.length)}`;
  }
  return printable(JSON.stringify(begin)) + missing(text.length - begin.length);
}

function nameText(name: string): string {
  return name === '' ? '""' : cutText(printable(name), 40);
}

/** Cuts a text, and says how many of its characters are missing. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  // The mark takes room, too.
  const kept = Math.max(1, most - 9);
  const end = isHighSurrogate(text.charCodeAt(kept - 1)) ? kept - 1 : kept;
  return `${text.slice(0, end)}${missing(text.length - end)}`;
}

function missing(count: number): string {
  return count > 0 ? `… (+${count})` : '';
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/**
 * Text on one line in which every character is visible: those that end lines, move the cursor of a
 * terminal or change the direction of writing are written as their codes.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (sign) => {
    const known = escapes[sign];
    if (known !== undefined) return known;
    const code = sign.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
