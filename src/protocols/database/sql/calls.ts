/** Parses calls of functions, those with words between their arguments, and OVER. */
import { isFunction } from '../expressions/functions.ts';
import { readOrders, type ReadExpression } from './order.ts';
import type { Reader } from './reader.ts';
import type { Call, Expression, Over } from './syntax.ts';

export function call(name: string, args: readonly Expression[]): Call {
  return { type: 'call', name, args, star: false, distinct: false, filter: null, over: null };
}

/** Reads the parentheses behind a name, and what may follow them. */
export function readCall(reader: Reader, given: string, read: ReadExpression): Expression {
  const name = synonyms[given] ?? given;
  if (!isFunction(name)) reader.refuse(`the function ${name}`);
  reader.expect('(');
  if (Object.hasOwn(worded, name)) return worded[name](reader, read);
  const distinct = reader.take('distinct');
  const star = reader.take('*');
  let args: Expression[] = [];
  if (!star && !reader.sees(')')) args = readArguments(reader, name, read);
  else if (!star && hasArguments.includes(name)) reader.fail();
  if (reader.sees('=>') || reader.sees(':=')) reader.refuse('arguments by name');
  if (reader.sees('order', 'by')) reader.refuse('ORDER BY in an aggregate');
  reader.expect(')');
  let filter: Expression | null = null;
  if (reader.take('filter', '(')) {
    reader.expect('where');
    filter = read(reader);
    reader.expect(')');
  }
  for (const word of ['within', 'ignore', 'respect']) {
    if (reader.sees(word)) reader.refuse(`${word.toUpperCase()} behind a function`);
  }
  return { ...call(name, args), star, distinct, filter, over: readOver(reader, read) };
}

const synonyms: Readonly<Record<string, string>> = {
  character_length: 'char_length', ceiling: 'ceil',
};

/** Forms of the grammar, which need an argument; a function would not exist without one. */
const hasArguments = ['coalesce', 'greatest', 'least', 'nullif'];

function readArguments(reader: Reader, name: string, read: ReadExpression): Expression[] {
  if (name !== 'nullif') return reader.list(() => read(reader));
  const first = read(reader);
  reader.expect(',');
  return [first, read(reader)];
}

// Functions with words between their arguments

type ReadWorded = (reader: Reader, read: ReadExpression) => Expression;

const trims = { both: 'btrim', leading: 'ltrim', trailing: 'rtrim' } as const;

const worded: Readonly<Record<string, ReadWorded>> = {
  /** `trim(BOTH 'x' FROM a)`, of which all but the text may be left out. */
  trim(reader, read) {
    const side = reader.takeOne('both', 'leading', 'trailing') ?? 'both';
    const isBare = reader.take('from');
    let args = reader.list(() => read(reader));
    // The characters come first, unlike in `btrim`.
    if (!isBare && reader.take('from')) args = [...reader.list(() => read(reader)), ...args];
    reader.expect(')');
    return call(trims[side], args);
  },
  /** `substring(a FROM 2 FOR 3)`, or with commas. */
  substring(reader, read) {
    const text = read(reader);
    if (reader.take(',')) {
      const rest = reader.list(() => read(reader));
      reader.expect(')');
      return call('substring', [text, ...rest]);
    }
    for (const word of ['similar', 'escape']) {
      if (reader.sees(word)) reader.refuse(`substring with ${word.toUpperCase()}`);
    }
    let from: Expression | undefined;
    let length: Expression | undefined;
    while (!reader.error && (reader.sees('from') || reader.sees('for'))) {
      if (reader.take('from')) from ??= read(reader);
      else if (reader.take('for')) length ??= read(reader);
    }
    reader.expect(')');
    const first = from ?? { type: 'literal', value: 1 } as const;
    return call('substring', length === undefined ? [text, first] : [text, first, length]);
  },
  /** `position('b' IN a)`; what is searched must not contain IN itself. */
  position(reader) {
    const operand = (): Expression => readOperand(reader);
    const part = operand();
    reader.expect('in');
    const text = operand();
    reader.expect(')');
    return call('position', [text, part]);
  },
  /** `extract(epoch FROM a)`. */
  extract(reader, read) {
    const field = reader.takeKind('string') ?? reader.label();
    reader.expect('from');
    const of = read(reader);
    reader.expect(')');
    if (field.toLowerCase() !== 'epoch') reader.refuse(`extract of ${field}`);
    return call('extract', [of]);
  },
  make_interval: (reader, read) => call('make_interval', readIntervalParts(reader, read)),
};

/** The parts of `make_interval`, in their order as arguments without names. */
const intervalParts = ['years', 'months', 'weeks', 'days', 'hours', 'mins', 'secs'];

/** `make_interval(mins => 5)`: returns a value for each part. */
function readIntervalParts(reader: Reader, read: ReadExpression): Expression[] {
  const parts = intervalParts.map((): Expression => ({ type: 'literal', value: 0 }));
  let next = 0;
  while (!reader.error && !reader.sees(')')) {
    const name = reader.seesAfter('=>') || reader.seesAfter(':=') ? reader.name() : undefined;
    if (name !== undefined && !reader.take('=>')) reader.expect(':=');
    const at = name === undefined ? next++ : intervalParts.indexOf(name);
    if (at < 0 || at >= parts.length) reader.refuse('make_interval with these arguments');
    parts[at] = read(reader);
    if (at < 2) reader.refuse('intervals of months');
    if (!reader.sees(')')) reader.expect(',');
  }
  reader.expect(')');
  return parts.slice(2);
}

/** A string or a column in `position`, which needs no more. */
function readOperand(reader: Reader): Expression {
  const value = reader.takeKind('string');
  if (value !== undefined) return { type: 'literal', value, quoted: true };
  const name = reader.name();
  if (!reader.sees('in') && !reader.sees(')') && !reader.sees('.')) {
    reader.refuse('position of anything but strings and columns: use strpos');
  }
  if (!reader.take('.')) return { type: 'column', table: null, name };
  return { type: 'column', table: name, name: reader.label() };
}

// Window functions

/** `OVER (PARTITION BY a ORDER BY b)`; null if it does not come next. */
function readOver(reader: Reader, read: ReadExpression): Over | null {
  if (!reader.take('over')) return null;
  if (!reader.take('(')) {
    reader.refuse('windows with a name (OVER name): write the window behind OVER');
    return null;
  }
  if (reader.seesName && !reader.sees('partition') && !frames.some((word) => reader.sees(word))) {
    reader.refuse('windows that extend another');
  }
  const partition = reader.take('partition', 'by') ? reader.list(() => read(reader)) : [];
  const order = readOrders(reader, read);
  for (const word of frames) {
    if (reader.sees(word)) reader.refuse(`the frame of a window (${word.toUpperCase()} …)`);
  }
  reader.expect(')');
  return { partition, order };
}

const frames = ['rows', 'range', 'groups'];
