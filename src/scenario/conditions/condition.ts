/** Expressions in CEL (cel.dev): compiled once and evaluated at a moment; errors are values. */
import { Environment } from '@marcbachmann/cel-js';
import type { Json, NodeId } from '../../protocol/types.ts';
import { spend, withBudget } from './budget.ts';
import {
  dividedByZero,
  type EvaluationFailure,
  evaluationFailure,
  expressionFault,
  notBoolean,
  tooDeep,
} from './errors.ts';
import { addMeasureFunctions, type CountCall, countCalls, measureFunctions } from './counting.ts';
import { comparedSides, type Comparison, type Sides } from './comparisons.ts';
import {
  misspeltField, type NamedField, namedFields, namesTime, noStateFields, type StateFields,
} from './field-check.ts';
import { badPattern, boundEvaluation, boundTypes, isTooDeep, syntaxOf } from './guard.ts';
import { type Implication, implicationIn } from './implication.ts';
import { nameInExpressions, withFreeNames } from './local-names.ts';
import type { Fault } from '../problem.ts';
import type { Scope } from './scope.ts';

/** Names that an expression may use in some places, besides `nodes`, `time` and the nodes. */
export const extraWords = ['event', 'message', 'node', 'state'] as const;
export type ExtraWord = (typeof extraWords)[number];

export interface Expression {
  readonly text: string;
  /** The value as plain data, or why there is none. */
  value(scope: Names): Evaluated;
  /** True or false, or why it is neither. */
  test(scope: Names): boolean | EvaluationFailure;
  /** The values that it compares; those that cannot be evaluated are left out. */
  compared(scope: Names): readonly Comparison[];
  /**
   * Set for "if P then Q", and for a property of all items of a list: notes whether Q was
   * evaluated. `negated`: the expression must be false.
   */
  implication(negated: boolean): Implication | undefined;
  /** The fields of states and of the current event that it names. */
  readonly namedFields: readonly NamedField[];
  /** Whether it names the time, or what a clock shows. */
  readonly readsTime: boolean;
  /** The calls of `count` in a measure; other expressions have none. */
  readonly counts: readonly CountCall[];
}

/** The values of an expression's names: a scope, perhaps with the local variables of a handler. */
export type Names = Pick<Scope, 'names'>;

export type { EvaluationFailure } from './errors.ts';

export type Evaluated = { readonly ok: true; readonly value: Json } | EvaluationFailure;

export type Compiled = { readonly expression: Expression } | { readonly fault: Fault };

/** Compiles expressions that may use the nodes of one cluster by their names. */
export class Language {
  private readonly environments = new Map<string, Environment>();

  private readonly known: NodeId[];
  private readonly states: StateFields & { of: Record<NodeId, readonly string[]> };

  /** With `states`, misspelt fields are reported before the run. */
  constructor(nodes: readonly NodeId[], { of, sized }: StateFields = noStateFields) {
    this.known = [...nodes];
    this.states = { of: { ...of }, sized };
  }

  get nodes(): readonly NodeId[] {
    return this.known;
  }

  /** From now on, expressions may use a node that is added during the run. */
  admit(node: NodeId, fields?: readonly string[]): void {
    if (fields !== undefined) this.states.of[node] = fields;
    if (this.known.includes(node)) return;
    this.known.push(node);
    this.environments.clear();
  }

  /** An expression that must be true or false. */
  condition(text: string, extra: readonly string[] = []): Compiled {
    return this.compile(text, extra, 'condition');
  }

  /** An expression with any value, for watches and the debug console. */
  expression(text: string, extra: readonly string[] = extraWords): Compiled {
    return this.compile(text, extra, 'expression');
  }

  /** An expression with any value, at the end of a run; it may count events. */
  measure(text: string): Compiled {
    return this.compile(text, [], 'measure');
  }

  private compile(text: string, extra: readonly string[], kind: Kind): Compiled {
    const own = kind === 'measure' ? measureFunctions : [];
    const known = [...new Set(['nodes', 'time', ...extra, ...this.nodes])];
    if (text.length > lengthMax) {
      const message = `the expression has ${text.length} characters: the limit is ${lengthMax}`;
      return { fault: { code: 'cel-too-long', message, start: 0, end: 1 } };
    }
    try {
      const source = withFreeNames(text, extra);
      const environment = this.environment(extra, kind === 'measure');
      const program = environment.parse(source);
      const whole = { start: 0, end: text.length };
      if (isTooDeep(syntaxOf(program.ast))) {
        return { fault: { code: 'cel-too-long', message: tooDeep, ...whole } };
      }
      boundTypes(syntaxOf(program.ast));
      const checked = program.check();
      if (!checked.valid) return { fault: expressionFault(text, checked.error, known, own) };
      const type = checked.type ?? 'dyn';
      if (kind === 'condition' && type !== 'bool' && type !== 'dyn') {
        const message = `a condition must be true or false, but this is ${typeName(type)}`;
        return { fault: { code: 'cel-not-boolean', message, start: 0, end: text.length } };
      }
      const fault =
        misspeltField(program.ast, this.states) ?? badPattern(syntaxOf(program.ast), text.length);
      if (fault !== undefined) return { fault };
      const sides = comparedSides(program.ast);
      const syntax = syntaxOf(program.ast);
      const counts = kind === 'measure' ? countCalls(syntax) : [];
      if ('code' in counts) return { fault: counts };
      boundEvaluation(syntaxOf(program.ast));
      const part = ({ start, end }: Sides['left']) => {
        const side = environment.parse(source.slice(start, end));
        boundEvaluation(syntaxOf(side.ast));
        return side;
      };
      const expression = {
        ...expressionOf(text, program),
        compared: (scope: Names) => sides.flatMap((two) => comparison(two, part, scope, source)),
        namedFields: namedFields(program.ast),
        readsTime: namesTime(program.ast),
        counts,
        implication: (negated: boolean) => implicationIn(syntax, negated),
      };
      return { expression };
    } catch (error) {
      return { fault: expressionFault(text, error, known, own) };
    }
  }

  private environment(extra: readonly string[], isMeasure: boolean): Environment {
    const key = `${isMeasure ? 'measure' : ''} ${extra.join()}`;
    let environment = this.environments.get(key);
    if (environment === undefined) {
      environment = mixingNumbers();
      if (isMeasure) addMeasureFunctions(environment);
      for (const word of new Set(['nodes', 'time', ...extra, ...this.nodes])) {
        environment.registerVariable(nameInExpressions(word), 'dyn');
      }
      this.environments.set(key, environment);
    }
    return environment;
  }
}

type Kind = 'condition' | 'expression' | 'measure';

const lengthMax = 10_000;

function comparison(
  { operator, left, right }: Sides,
  part: (side: Sides['left']) => (names: object) => unknown,
  { names }: Names,
  text: string,
): Comparison[] {
  try {
    const [a, b] = withBudget(() =>
      [left, right].map((side) => toPlain(part(side)(names))),
    );
    const field = fieldIn(text.slice(left.start, left.end)) ??
      fieldIn(text.slice(right.start, right.end));
    const isOfField = field !== undefined && [a, b].some((one) => typeof one === 'number');
    return [{ operator, left: a, right: b, ...(isOfField && { field }) }];
  } catch {
    return [];
  }
}

/** `patience` of `n1.state.patience`; undefined of a literal, a call, or a sum. */
function fieldIn(side: string): string | undefined {
  return /^[\w.[\]"' ]*\.([A-Za-z_]\w*)$/.exec(side.trim())?.[1];
}

function expressionOf(
  text: string,
  program: (names: object) => unknown,
): Pick<Expression, 'text' | 'value' | 'test'> {
  return {
    text,
    value(scope) {
      try {
        return withBudget(() => ({ ok: true, value: toPlain(program(scope.names)) }));
      } catch (error) {
        return evaluationFailure(text, error);
      }
    },
    test(scope) {
      try {
        return withBudget(() => {
          const value = program(scope.names);
          if (value === true || value === false) return value;
          return notBoolean(text, JSON.stringify(toPlain(value)));
        });
      } catch (error) {
        return evaluationFailure(text, error);
      }
    },
  };
}

/**
 * CEL does not mix integers (`2`) and doubles (`2.0`), and takes every JavaScript number of a state
 * for a double. These operators accept one of each, so that `n1.state.currentTerm + 1` works. If
 * both sides are whole numbers, a division truncates, as CEL's division of integers does.
 */
function mixingNumbers(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
  });
  for (const [left, right] of [
    ['double', 'int'],
    ['int', 'double'],
  ]) {
    for (const [operator, apply] of Object.entries(arithmetic)) {
      environment.registerOperator(`${left} ${operator} ${right}: double`, (a: Num, b: Num) =>
        apply(Number(a), Number(b)),
      );
    }
  }
  environment.registerOperator('double % double: double', arithmetic['%']);
  for (const number of ['double', 'int']) {
    for (const [operator, compare] of Object.entries(comparisons)) {
      const signature = `${number} ${operator} google.protobuf.Duration: bool`;
      // A number compared with a duration is in seconds, as `time` is; durations are milliseconds.
      environment.registerOperator(signature, (a: Num, b: object) =>
        compare(Number(a) * 1000, Number(b.valueOf())),
      );
    }
  }
  return environment;
}

type Num = number | bigint;

const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (Number.isInteger(a) && Number.isInteger(b) ? whole(a, b) : a / b),
  '%': (a, b) => remainder(a, b),
};

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function whole(a: number, b: number): number {
  if (b === 0) throw new Error(dividedByZero);
  return Math.trunc(a / b);
}

function remainder(a: number, b: number): number {
  if (b === 0) throw new Error(dividedByZero);
  return a % b;
}

function typeName(type: string): string {
  if (type === 'int' || type === 'double' || type === 'uint') return 'a number';
  if (type === 'string') return 'a string';
  if (type.startsWith('list')) return 'a list';
  if (type.startsWith('map')) return 'a map';
  return `a ${type}`;
}

/** Steps for writing out a list or map. */
const containerSteps = 15;

/**
 * A result of the expression library as plain data. Parts that the result shares are written out
 * once for each place, so this spends from the budget too.
 */
function toPlain(value: unknown, depth = 0): Json {
  spend(1 + (typeof value === 'string' ? value.length >> 3 : 0));
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
  }
  if (depth > 100) return '…';
  spend(containerSteps);
  if (Array.isArray(value) || value instanceof Set || value instanceof Uint8Array) {
    return Array.from(value as Iterable<unknown>, (part) => toPlain(part, depth + 1));
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  if (!(value instanceof Map) && Object.getPrototypeOf(value) !== Object.prototype) {
    return String(value);
  }
  return Object.fromEntries(entries.map(([key, part]) => [String(key), toPlain(part, depth + 1)]));
}
