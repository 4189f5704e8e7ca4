/** The variables tree: rows of plain data, made when the user opens them. */
import { equal } from '../../kernel/data/plain.ts';
import type { ShownUnit } from '../../kernel/seam/moment.ts';
import { noUnits, type Units } from '../../kernel/text/data-text.ts';
import { fieldValueText, kindOf } from './value.ts';

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** The expression that has this value, if there is one. */
  readonly expression?: string;
  readonly children?: Children;
  /** The part of a node's state that it is, which can be watched for changes. */
  readonly part?: StatePart;
  /** True if it is computed and not part of any state. */
  readonly virtual?: boolean;
}

export interface StatePart {
  readonly node: number;
  readonly path: readonly string[];
}

/** Rows that are made on demand: `indexed` of them by position, the others by name. */
export interface Children {
  readonly indexed: number;
  readonly named: number;
  list(start: number, count: number): Variable[];
  /** The row with a name, without making the others. */
  row(name: string): Variable | undefined;
}

export interface Origin {
  /** The value as it was before the step, to mark what changed. */
  readonly before?: { readonly value: unknown };
  readonly expression?: string;
  readonly part?: StatePart;
  /** The units of the fields in it. */
  readonly units?: Units;
}

/** A row for a value, with rows for its parts. */
export function variableOf(name: string, value: unknown, origin: Origin = {}): Variable {
  const { before, expression, part, units = noUnits } = origin;
  const unit = units[name];
  const children = childrenOf(value, origin);
  const text = fieldValueText(value, unit, units);
  return {
    name,
    value: `${text}${before ? changeText(before.value, value, unit) : ''}`,
    type: kindOf(value),
    ...(expression === undefined ? {} : { expression }),
    ...(part ? { part } : {}),
    ...(children ? { children } : {}),
  };
}

function changeText(before: unknown, now: unknown, unit: ShownUnit | undefined): string {
  if (before === now || equal(before, now)) return '';
  if (before === undefined) return '  ← new';
  const isScalar = typeof now !== 'object' || typeof before !== 'object';
  if (isScalar || now === null || before === null) {
    return `  ← was ${fieldValueText(before, unit, noUnits, 40)}`;
  }
  if (Array.isArray(now) && Array.isArray(before) && now.length !== before.length) {
    return `  ← had ${before.length}`;
  }
  return '  ← changed';
}

/** The parts of a list or a map; undefined if there are none. */
export function childrenOf(value: unknown, origin: Origin = {}): Children | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Array.isArray(value) ? itemsOf(value, origin) : fieldsOf(value, origin);
}

function itemsOf(list: readonly unknown[], origin: Origin): Children | undefined {
  if (list.length === 0) return undefined;
  const before = origin.before?.value;
  const rowAt = (index: number) => {
    const key = String(index);
    const was = Array.isArray(before) ? { value: before[index] as unknown } : undefined;
    return variableOf(key, list[index], partOrigin(origin, was, key, `[${index}]`));
  };
  return {
    indexed: list.length,
    named: 0,
    list: (start, count) =>
      list.slice(start, start + count).map((_, offset) => rowAt(start + offset)),
    row: (name) => {
      const index = Number(name);
      return String(index) === name && index in list ? rowAt(index) : undefined;
    },
  };
}

function fieldsOf(map: object, origin: Origin): Children | undefined {
  const keys = Object.keys(map);
  const before = origin.before?.value;
  const wasMap = typeof before === 'object' && before !== null && !Array.isArray(before);
  const gone = wasMap ? Object.keys(before).filter((key) => !(key in map)) : [];
  if (keys.length + gone.length === 0) return undefined;
  const fields = map as Record<string, unknown>;
  const names = gone.length === 0 ? keys : [...keys, ...gone];
  const rowOf = (key: string) => {
    const was = wasMap ? { value: (before as Record<string, unknown>)[key] } : undefined;
    const isWord = /^[A-Za-z_]\w*$/.test(key);
    const step = isWord ? `.${key}` : `[${JSON.stringify(key)}]`;
    return variableOf(key, fields[key], partOrigin(origin, was, key, step));
  };
  return {
    indexed: 0,
    named: names.length,
    list: (start, count) => names.slice(start, start + count).map(rowOf),
    row: (name) => (names.includes(name) ? rowOf(name) : undefined),
  };
}

function partOrigin(origin: Origin, before: Origin['before'], key: string, step: string): Origin {
  const { expression, part, units } = origin;
  return {
    ...(units ? { units } : {}),
    ...(before ? { before } : {}),
    ...(expression === undefined ? {} : { expression: `${expression}${step}` }),
    ...(part ? { part: { node: part.node, path: [...part.path, key] } } : {}),
  };
}

/** A row that groups others. */
export function group(
  name: string,
  value: string,
  rows: () => Variable[],
  count: number,
): Variable {
  const children = count > 0 ? { children: rowsOf(count, rows) } : {};
  return { name, value, type: 'group', virtual: true, ...children };
}

export function rowsOf(count: number, rows: () => Variable[]): Children {
  let made: Variable[] | undefined;
  return {
    indexed: 0,
    named: count,
    list: (start, wanted) => (made ??= rows()).slice(start, start + wanted),
    row: (name) => (made ??= rows()).find((row) => row.name === name),
  };
}

export function plainRow(name: string, value: string, expression?: string): Variable {
  return { name, value, type: 'string', virtual: true, ...(expression ? { expression } : {}) };
}
