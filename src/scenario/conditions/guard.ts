/** Makes a compiled expression count its steps, so that it ends whatever it computes. */
import {
  checkSize,
  keySteps,
  sizeOf,
  spend,
  spendOnComparison,
  spendOnContainer,
  spendOnMembership,
  spendOnSearch,
  spendOnString,
} from './budget.ts';
import { EvaluationMistake } from './errors.ts';
import type { Fault } from '../problem.ts';
import { matchesPattern, patternMistake } from './patterns.ts';

// The library offers no limit for an evaluation, and refuses to replace its own operators. So this
// module puts itself before the functions that the library keeps in its syntax tree: `evaluate` for
// the body of a loop, and `handle` for what computes with operands. An evaluation outside loops
// visits each node once, which the length of the expression bounds; only what such a node does
// with large values is counted.

type Evaluate = (evaluator: unknown, syntax: Syntax, context: unknown) => unknown;

interface Checker {
  getType(name: string): CheckedType;
}

interface CheckedType {
  readonly name: string;
}

/** A node of the library's syntax tree, as far as this module uses it. */
export interface Syntax {
  readonly op: string;
  readonly args: unknown;
  readonly range: { readonly start: number; readonly end: number };
  readonly meta: {
    readonly check: (checker: Checker, syntax: Syntax, context: unknown) => CheckedType;
    readonly evaluate: Evaluate;
    /** What a macro such as `all` stands for. */
    readonly alternate?: Syntax;
    /** What `cel.bind` consists of. */
    readonly macro?: Readonly<Record<string, unknown>>;
  };
  setMeta(name: 'check' | 'evaluate', value: unknown): void;
  /** Set by the type check: computes with the operands, which are its first arguments. */
  handle?: (...operands: readonly unknown[]) => unknown;
}

interface Loop {
  readonly iterable: Syntax;
  readonly init: Syntax;
  readonly step: Syntax;
}

/** The tree of a program; the library's types do not show all of it. */
export function syntaxOf(ast: unknown): Syntax {
  return ast as Syntax;
}

/**
 * Replaces the types of large maps by `map<dyn, dyn>`, before the type check. The name of a type
 * can double with each map inside a map: `cel.bind(b, {a: a}, cel.bind(c, {b: b}, …))`.
 */
export function boundTypes(root: Syntax): void {
  visit(root, (syntax) => {
    if (syntax.op !== 'map') return;
    const { check } = syntax.meta;
    syntax.setMeta('check', (checker: Checker, own: Syntax, context: unknown) => {
      const type = check(checker, own, context);
      return type.name.length > typeNameMax ? checker.getType('map<dyn, dyn>') : type;
    });
  });
}

const typeNameMax = 1_000;

/** The type check and the evaluation follow the tree by recursion, as deep as it is. */
const depthMax = 300;

/** Whether an expression is too deep to be checked without a full call stack. */
export function isTooDeep(root: Syntax): boolean {
  const open: (readonly [part: unknown, depth: number])[] = [[root, 0]];
  while (open.length > 0) {
    const [part, depth] = open.pop()!;
    if (depth > depthMax) return true;
    if (Array.isArray(part)) for (const one of part) open.push([one, depth]);
    else if (isSyntax(part)) open.push([part.args, depth + 1]);
  }
  return false;
}

/** The fault of a pattern that is written in the expression and not valid. */
export function badPattern(root: Syntax, lengthMax: number): Fault | undefined {
  let fault: Fault | undefined;
  visit(root, (syntax) => {
    const pattern = literalPattern(syntax);
    if (pattern === undefined || fault !== undefined) return;
    const mistake = patternMistake(String(pattern.args));
    if (mistake === undefined) return;
    const { start, end } = pattern.range;
    fault = { code: 'cel-bad-pattern', ...mistake, start, end: Math.min(end, lengthMax) };
  });
  return fault;
}

/** The string in `x.matches("…")`. */
function literalPattern({ op, args }: Syntax): Syntax | undefined {
  if (op !== 'rcall') return undefined;
  const [name, , [pattern]] = args as [string, Syntax, Syntax[]];
  const isLiteral = pattern?.op === 'value' && typeof pattern.args === 'string';
  return name === 'matches' && isLiteral ? pattern : undefined;
}

/** Bounds the evaluation of an expression; its types must have been checked. */
export function boundEvaluation(root: Syntax): void {
  visit(root, (syntax) => {
    if (syntax.op === 'comprehension') boundLoop(syntax);
    const before = Object.hasOwn(beforeOperator, syntax.op) ? beforeOperator[syntax.op] : undefined;
    if (before !== undefined) putBefore(syntax, before);
    if (syntax.op === 'in') shortenLookup(syntax);
    if (syntax.op === 'call' || syntax.op === 'rcall') boundCall(syntax);
    if (syntax.op === '||' || syntax.op === '&&') spendOnErrors((syntax.args as Syntax[])[0]);
  });
}

/** Steps for an error that CEL catches: it collects a stack trace and a message. */
const errorSteps = 300;

/** Spends on the errors of a part after which CEL goes on. */
function spendOnErrors(part: Syntax): void {
  let syntax = part;
  while (syntax.meta.alternate !== undefined) syntax = syntax.meta.alternate;
  // The parts of `has` and `cel.bind` that can fail are counted where they are loops or calls.
  if (syntax.meta.macro !== undefined) return;
  const { evaluate } = syntax.meta;
  const counting: Evaluate = (evaluator, own, context) => {
    try {
      return evaluate(evaluator, own, context);
    } catch (error) {
      spend(errorSteps);
      throw error;
    }
  };
  syntax.setMeta('evaluate', counting);
}

/** Looks a string up among the keys of a map at once; the library would list the keys first. */
function shortenLookup(syntax: Syntax): void {
  const { handle } = syntax;
  if (handle === undefined) return;
  syntax.handle = (key, map, ...rest) => {
    if (typeof key !== 'string' || typeof map !== 'object' || map === null || !isPlain(map)) {
      spendOnMembership(key, map);
      return handle(key, map, ...rest);
    }
    return Object.hasOwn(map, key) && (map as Record<string, unknown>)[key] !== undefined;
  };
}

function boundLoop(loop: Syntax): void {
  const { step } = loop.args as Loop;
  let weight = 0;
  visit(step, () => weight++);
  const { evaluate } = step.meta;
  const counting: Evaluate = (evaluator, syntax, context) => {
    spend(weight);
    return evaluate(evaluator, syntax, context);
  };
  step.setMeta('evaluate', counting);
  spendOnErrors(step);
  const { handle } = loop;
  loop.handle = (items, ...rest) => handle!(elementsOf(items), ...rest);
}

/** A loop over a map is a loop over its keys. */
function elementsOf(items: unknown): unknown {
  const isMap = typeof items === 'object' && items !== null && isPlain(items);
  const elements = isMap ? Object.keys(items) : items;
  spend(isMap ? (elements as string[]).length * keySteps : 0);
  return elements;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function putBefore(syntax: Syntax, before: (left: unknown, right: unknown) => void): void {
  const { handle } = syntax;
  if (handle === undefined) return;
  syntax.handle = (left, right, ...rest) => {
    before(left, right);
    return handle(left, right, ...rest);
  };
}

const beforeOperator: Readonly<Record<string, (left: unknown, right: unknown) => void>> = {
  '==': spendOnComparison,
  '!=': spendOnComparison,
  '+': spendOnSum,
  '<': spendOnOrder,
  '<=': spendOnOrder,
  '>': spendOnOrder,
  '>=': spendOnOrder,
};

function spendOnSum(left: unknown, right: unknown): void {
  if (typeof left === 'number' || typeof left === 'bigint') return;
  const size = sizeOf(left) + sizeOf(right);
  checkSize(size);
  if (typeof left === 'string') spendOnString(size);
  else spend(size);
}

function spendOnOrder(left: unknown, right: unknown): void {
  if (typeof left === 'string' && typeof right === 'string') {
    spendOnString(Math.min(left.length, right.length));
  }
}

type Operands = readonly unknown[];

function boundCall(syntax: Syntax): void {
  const { handle } = syntax;
  // A macro has no handle of its own.
  if (handle === undefined) return;
  const [name] = syntax.args as [string];
  const before = Object.hasOwn(beforeFunction, name) ? beforeFunction[name] : undefined;
  const isMatch = syntax.op === 'rcall' && name === 'matches';
  const isLiteral = literalPattern(syntax) !== undefined;
  syntax.handle = (operands, ...rest) => {
    const values = operands as Operands;
    const [first, second] = values;
    if (isMatch && typeof first === 'string' && typeof second === 'string') {
      return matchesPattern(first, second, isLiteral);
    }
    for (const value of values) spendOnOperand(value);
    before?.(values);
    const result = handle(operands, ...rest);
    if (typeof result === 'string' || Array.isArray(result) || result instanceof Uint8Array) {
      checkSize(result.length);
    }
    return result;
  };
}

function spendOnOperand(value: unknown): void {
  if (typeof value === 'string') spendOnString(value.length);
  else if (typeof value === 'object' && value !== null) spendOnContainer(value);
}

const beforeFunction: Readonly<Record<string, (operands: Operands) => void>> = {
  contains: spendOnFind,
  indexOf: spendOnFind,
  lastIndexOf: spendOnFind,
  split(operands) {
    spendOnFind(operands);
    spend(sizeOf(operands[0]));
  },
  join([list, separator]) {
    if (!Array.isArray(list)) return;
    let length = list.length * sizeOf(separator);
    for (const part of list) length += sizeOf(part);
    spend(list.length);
    checkSize(length);
    spendOnString(length);
  },
  // The library takes time that grows with the cube of the length.
  duration([text]) {
    if (sizeOf(text) <= durationLengthMax) return;
    const limit = `the limit is ${durationLengthMax}`;
    const message = `a duration cannot have ${sizeOf(text)} characters: ${limit}`;
    throw new EvaluationMistake('too-large', message);
  },
  ...Object.fromEntries(
    [
      ...['getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear', 'getFullYear', 'getHours'],
      ...['getMilliseconds', 'getMinutes', 'getMonth', 'getSeconds'],
    ].map((name) => [name, spendOnTimeZone]),
  ),
};

const durationLengthMax = 100;

function spendOnFind([text, part]: Operands): void {
  if (typeof text === 'string' && typeof part === 'string') spendOnSearch(text.length, part.length);
}

/** Steps for a date in a time zone, for which JavaScript reads its tables. */
function spendOnTimeZone({ length }: Operands): void {
  if (length > 1) spend(1_000);
}

/** Visits every node of the tree once, those that macros stand for included. */
function visit(root: Syntax, visitor: (syntax: Syntax) => void): void {
  const known = new Set<Syntax>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) {
      for (const part of value) open.push(part);
    } else if (isSyntax(value)) {
      if (known.has(value)) continue;
      known.add(value);
      visitor(value);
      open.push(value.args);
      if (value.meta.alternate !== undefined) open.push(value.meta.alternate);
      if (value.meta.macro !== undefined) open.push(Object.values(value.meta.macro));
    } else if (isLoop(value)) {
      open.push(value.iterable, value.init, value.step);
    }
  }
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'op' in value && 'meta' in value;
}

function isLoop(value: unknown): value is Loop {
  return typeof value === 'object' && value !== null && 'iterable' in value && 'step' in value;
}
