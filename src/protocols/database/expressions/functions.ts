/** The functions of SQL that the simulation has, by name, with their arguments and results. */
import type { SqlError, Value } from '../sql/syntax.ts';
import { aggregates } from './bound.ts';
import { hashText } from './hash.ts';
import { remainderNumeric, roundNumeric } from './numeric.ts';
import { joinedText, textLengthMax, tooLongText } from './texts.ts';
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
const trimmed = text((one) => one.replace(/^ +| +$/g, ''));
const characters = text((one) => [...one].length, 'integer');
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

const forms: readonly string[] = [...aggregates, 'coalesce', 'greatest', 'least', 'nullif'];

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
  // Text
  lower: [text((one) => one.toLowerCase())],
  upper: [text((one) => one.toUpperCase())],
  length: [characters],
  char_length: [characters],
  hashtext: [text(hashText, 'integer')],
  btrim: [trimmed],
  trim: [trimmed],
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
  // Sessions
  pg_backend_pid: [session('integer')],
  pg_cancel_backend: [session('boolean', 'integer')],
  pg_terminate_backend: [session('boolean', 'integer')],
  current_user: [session('text')],
  current_setting: [session('text', 'text')],
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

