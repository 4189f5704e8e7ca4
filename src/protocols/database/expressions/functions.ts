/** The functions of SQL that the simulation has, by name, with their arguments and results. */
import type { SqlError } from '../sql/errors.ts';
import type { Value } from '../sql/syntax.ts';
import { aggregates } from './bound.ts';
import { hashText } from './hash.ts';
import { lengthOf, toInterval } from './intervals.ts';
import {
  addNumeric, compareNumeric, remainderNumeric, roundNumeric, subtractNumeric, truncateNumeric,
} from './numeric.ts';
import {
  joinedText, lastOf, padded, part, repeated, splitPart, textLengthMax, tooLongText, trimmed,
} from './texts.ts';
import { secondsOf, truncatedTime } from './times.ts';
import { calculated, type Type } from './values.ts';

export interface Function {
  readonly args: readonly Type[];
  readonly type: Type;
  /** Whether the last argument may be repeated, and be of any type. */
  readonly variadic?: boolean;
  /** Whether the result is null if an argument is; that is the rule. */
  readonly strict?: boolean;
  /** Its result; absent if it depends on the session or the time, or changes them. */
  value?(args: readonly NonNullable<Value>[]): Value | SqlError;
}

const session = (type: Type, ...args: Type[]): Function => ({ args, type });
const text = (value: (text: string) => Value, type: Type = 'text'): Function => ({
  args: ['text'], type, value: ([one]) => value(String(one)),
});
/** An advisory lock has one key of 64 bits, or two of 32 bits. */
const byKeys = (type: Type): Function[] => [
  session(type, 'bigint'),
  session(type, 'integer', 'integer'),
];
const remainder = (type: 'integer' | 'bigint'): Function => ({
  args: [type, type], type,
  value: ([a, b]) => calculated('%', { left: type, right: type, type }, a, b),
});
const absolute = (type: 'integer' | 'bigint'): Function => ({
  args: [type], type, value: ([one]) => Math.abs(Number(one)),
});
const trims = (start: boolean, end: boolean): Function[] => {
  const cut = (one: string, characters: string): string => trimmed(one, characters, start, end);
  return [
    text((one) => cut(one, ' ')),
    { args: ['text', 'text'], type: 'text', value: ([a, b]) => cut(String(a), String(b)) },
  ];
};
const characters = text((one) => [...one].length, 'integer');
/** The items of an array of integers. */
export function arrayItems(array: Value): number[] {
  const inside = String(array).slice(1, -1);
  return inside === '' ? [] : inside.split(',').map(Number);
}
const whole = (one: Value): string => truncateNumeric(String(one));
const isAbove = (one: Value): boolean => compareNumeric(String(one), whole(one)) > 0;
const isBelow = (one: Value): boolean => compareNumeric(String(one), whole(one)) < 0;
const rounding = (value: (one: Value) => Value): Function => ({
  args: ['numeric'], type: 'numeric', value: ([one]) => value(one),
});
const pads = (join: (text: string, fill: string) => string): Function[] => {
  const value: Function['value'] = ([a, b, fill = ' ']) =>
    padded(String(a), Number(b), String(fill), join);
  return [
    { args: ['text', 'integer'], type: 'text', value },
    { args: ['text', 'integer', 'text'], type: 'text', value },
  ];
};
const substrings: Function[] = [
  { args: ['text', 'integer'], type: 'text', value: ([a, b]) => part(String(a), Number(b)) },
  {
    args: ['text', 'integer', 'integer'], type: 'text',
    value: ([a, b, c]) => part(String(a), Number(b), Number(c)),
  },
];
const place = (text: Value, searched: Value): number => {
  const at = String(text).indexOf(String(searched));
  return at < 0 ? 0 : [...String(text).slice(0, at)].length + 1;
};
const replaced = (text: string, from: string, to: string): Value | SqlError => {
  if (from === '') return text;
  const parts = text.split(from);
  const length = text.length + (parts.length - 1) * (to.length - from.length);
  return length > textLengthMax ? tooLongText : parts.join(to);
};

/** Whether the simulation has a function, an aggregate, or a form that looks like one. */
export function isFunction(name: string): boolean {
  return Object.hasOwn(functions, name) || forms.includes(name);
}

/** Functions that are only called with OVER. */
export const windowFunctions: readonly string[] = [
  'row_number', 'rank', 'dense_rank', 'lag', 'lead', 'first_value', 'last_value',
];

const forms: readonly string[] = [
  ...aggregates, ...windowFunctions, 'coalesce', 'greatest', 'least', 'nullif', 'trim',
  'jsonb_build_object', 'json_build_object',
];

export const functions: Readonly<Record<string, readonly Function[]>> = {
  // Numbers
  abs: [
    absolute('integer'),
    absolute('bigint'),
    { args: ['numeric'], type: 'numeric', value: ([value]) => String(value).replace('-', '') },
  ],
  mod: [
    remainder('integer'),
    remainder('bigint'),
    {
      args: ['numeric', 'numeric'],
      type: 'numeric',
      value: ([a, b]) => remainderNumeric(String(a), String(b)),
    },
  ],
  round: [
    { args: ['numeric'], type: 'numeric', value: ([value]) => roundNumeric(String(value), 0) },
    {
      args: ['numeric', 'integer'],
      type: 'numeric',
      value: ([value, scale]) => roundNumeric(String(value), Number(scale)),
    },
  ],
  ceil: [rounding((one) => (isAbove(one) ? addNumeric(whole(one), '1') : whole(one)))],
  floor: [rounding((one) => (isBelow(one) ? subtractNumeric(whole(one), '1') : whole(one)))],
  // Text
  lower: [text((one) => one.toLowerCase())],
  upper: [text((one) => one.toUpperCase())],
  length: [characters],
  char_length: [characters],
  hashtext: [text(hashText, 'integer')],
  btrim: trims(true, true),
  ltrim: trims(true, false),
  rtrim: trims(false, true),
  repeat: [
    {
      args: ['text', 'integer'], type: 'text', value: ([a, b]) => repeated(String(a), Number(b)),
    },
  ],
  lpad: pads((one, fill) => fill + one),
  rpad: pads((one, fill) => one + fill),
  left: [
    {
      args: ['text', 'integer'], type: 'text',
      value: ([a, b]) => [...String(a)].slice(0, Number(b)).join(''),
    },
  ],
  right: [
    {
      args: ['text', 'integer'], type: 'text',
      value: ([a, b]) => lastOf([...String(a)], Number(b)).join(''),
    },
  ],
  substr: substrings,
  substring: substrings,
  strpos: [{ args: ['text', 'text'], type: 'integer', value: ([a, b]) => place(a, b) }],
  position: [{ args: ['text', 'text'], type: 'integer', value: ([a, b]) => place(a, b) }],
  starts_with: [
    {
      args: ['text', 'text'], type: 'boolean',
      value: ([a, b]) => String(a).startsWith(String(b)),
    },
  ],
  split_part: [
    {
      args: ['text', 'text', 'integer'], type: 'text',
      value: ([a, b, c]) => splitPart(String(a), String(b), Number(c)),
    },
  ],
  replace: [
    {
      args: ['text', 'text', 'text'],
      type: 'text',
      value: ([one, from, to]) => replaced(String(one), String(from), String(to)),
    },
  ],
  concat: [
    {
      args: ['text'], type: 'text', variadic: true, strict: false,
      value: (values) => joinedText(values.filter((value) => value !== null).map(String)),
    },
  ],
  // Times
  now: [session('timestamptz')],
  transaction_timestamp: [session('timestamptz')],
  statement_timestamp: [session('timestamptz')],
  clock_timestamp: [session('timestamptz')],
  pg_sleep: [session('void', 'numeric')],
  pg_sleep_for: [session('void', 'interval')],
  extract: [
    { args: ['interval'], type: 'numeric', value: ([one]) => secondsOf(lengthOf(one)) },
    { args: ['timestamptz'], type: 'numeric', value: ([one]) => secondsOf(Number(one)) },
  ],
  date_trunc: [
    {
      args: ['text', 'timestamptz'], type: 'timestamptz',
      value: ([unit, time]) => truncatedTime(String(unit), Number(time)),
    },
  ],
  make_interval: [
    {
      args: ['integer', 'integer', 'integer', 'integer', 'numeric'], type: 'interval',
      value: ([weeks, days, hours, minutes, seconds]) =>
        toInterval(`${weeks}w ${days}d ${hours}h ${minutes}m ${seconds}s`)!,
    },
  ],
  // Sessions
  pg_backend_pid: [session('integer')],
  pg_cancel_backend: [session('boolean', 'integer')],
  pg_terminate_backend: [
    session('boolean', 'integer'), session('boolean', 'integer', 'bigint'),
  ],
  pg_blocking_pids: [session('integer[]', 'integer')],
  cardinality: [
    { args: ['integer[]'], type: 'integer', value: ([one]) => arrayItems(one).length },
  ],
  array_length: [
    {
      args: ['integer[]', 'integer'], type: 'integer',
      value: ([one, by]) => (by === 1 ? arrayItems(one).length || null : null),
    },
  ],
  current_user: [session('text')],
  current_setting: [session('text', 'text'), session('text', 'text', 'boolean')],
  txid_current: [session('bigint')],
  set_config: [{ ...session('text', 'text', 'text', 'boolean'), strict: false }],
  pg_notify: [{ ...session('void', 'text', 'text'), strict: false }],
  // Advisory locks
  pg_advisory_lock: byKeys('void'),
  pg_advisory_lock_shared: byKeys('void'),
  pg_advisory_xact_lock: byKeys('void'),
  pg_advisory_xact_lock_shared: byKeys('void'),
  pg_try_advisory_lock: byKeys('boolean'),
  pg_try_advisory_lock_shared: byKeys('boolean'),
  pg_try_advisory_xact_lock: byKeys('boolean'),
  pg_try_advisory_xact_lock_shared: byKeys('boolean'),
  pg_advisory_unlock: byKeys('boolean'),
  pg_advisory_unlock_shared: byKeys('boolean'),
  pg_advisory_unlock_all: [session('void')],
};

