/** Expressions in CEL (cel.dev): compiled once, evaluated on the world; errors are values. */
import { Environment } from '@marcbachmann/cel-js';
import type { Json, NodeId } from '../../protocol/types.ts';
import { type EvaluationFailure, evaluationFailure, expressionFault } from './errors.ts';
import { misspeltField, type StateFields } from '../parse/field-check.ts';
import { nameInExpressions, withFreeNames } from './local-names.ts';
import type { Fault } from '../problem.ts';
import type { Scope } from './scope.ts';

/** What an expression may speak of beside `nodes`, `time` and the nodes by their names. */
export const extraWords = ['event', 'message', 'node', 'state'] as const;
export type ExtraWord = (typeof extraWords)[number];

export interface Expression {
  readonly text: string;
  /** The value as plain data, or the sentence that says why there is none. */
  value(scope: Names): Evaluated;
  /** True or false, or the sentence that says why neither. */
  test(scope: Names): boolean | EvaluationFailure;
}

/** What an expression reads its names from: a scope, perhaps with the locals of a handler. */
export type Names = Pick<Scope, 'names'>;

export type { EvaluationFailure } from './errors.ts';

export type Evaluated = { readonly ok: true; readonly value: Json } | EvaluationFailure;

export type Compiled = { readonly expression: Expression } | { readonly fault: Fault };

/** The words of a cluster, and the expressions in them. */
export class Language {
  private readonly environments = new Map<string, Environment>();

  /** `states`, where they are known, lets misspelt fields be told before a run. */
  constructor(
    readonly nodes: readonly NodeId[],
    private readonly states: StateFields = {},
  ) {}

  /** An expression that is true or false. */
  condition(text: string, extra: readonly string[] = []): Compiled {
    return this.compile(text, extra, true);
  }

  /** An expression with any value, as a watch or the debug console has it. */
  expression(text: string, extra: readonly string[] = extraWords): Compiled {
    return this.compile(text, extra, false);
  }

  private compile(text: string, extra: readonly string[], truth: boolean): Compiled {
    const known = [...new Set(['nodes', 'time', ...extra, ...this.nodes])];
    if (text.length > lengthMax) {
      return {
        fault: { message: `an expression has at most ${lengthMax} characters`, start: 0, end: 1 },
      };
    }
    try {
      const program = this.environment(extra).parse(withFreeNames(text, extra));
      const checked = program.check();
      if (!checked.valid) return { fault: expressionFault(text, checked.error, known) };
      const type = checked.type ?? 'dyn';
      if (truth && type !== 'bool' && type !== 'dyn') {
        const message = `a condition is true or false, but this is ${typeName(type)}`;
        return { fault: { message, start: 0, end: text.length } };
      }
      const fault = misspeltField(program.ast, this.states);
      return fault === undefined ? { expression: expressionOf(text, program) } : { fault };
    } catch (error) {
      return { fault: expressionFault(text, error, known) };
    }
  }

  private environment(extra: readonly string[]): Environment {
    const key = extra.join();
    let environment = this.environments.get(key);
    if (environment === undefined) {
      environment = bridged();
      for (const word of new Set(['nodes', 'time', ...extra, ...this.nodes])) {
        environment.registerVariable(nameInExpressions(word), 'dyn');
      }
      this.environments.set(key, environment);
    }
    return environment;
  }
}

const lengthMax = 10_000;

function expressionOf(text: string, program: (names: object) => unknown): Expression {
  return {
    text,
    value(scope) {
      try {
        return { ok: true, value: toPlain(program(scope.names)) };
      } catch (error) {
        return evaluationFailure(text, error);
      }
    },
    test(scope) {
      try {
        const value = program(scope.names);
        if (value === true || value === false) return value;
        const found = JSON.stringify(toPlain(value));
        return { ok: false, why: `\`${text}\` is ${found}, neither true nor false` };
      } catch (error) {
        return evaluationFailure(text, error);
      }
    },
  };
}

/**
 * CEL keeps whole numbers (`2`) apart from fractions (`2.0`) and does not mix them. The numbers of
 * a state are JavaScript's, which it takes for fractions: these operators let the two meet. Where
 * both sides are whole, a division drops its fraction, as CEL's division of whole numbers does.
 */
function bridged(): Environment {
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
      // A number beside a duration is in seconds, as `time` is; a duration counts milliseconds.
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
  if (b === 0) throw new Error('division by zero');
  return Math.trunc(a / b);
}

function remainder(a: number, b: number): number {
  if (b === 0) throw new Error('division by zero');
  return a % b;
}

function typeName(type: string): string {
  if (type === 'int' || type === 'double' || type === 'uint') return 'a number';
  if (type === 'string') return 'a text';
  if (type.startsWith('list')) return 'a list';
  if (type.startsWith('map')) return 'a map';
  return `a ${type}`;
}

/** What CEL answers, as plain data. */
export function toPlain(value: unknown, depth = 0): Json {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
  }
  if (depth > 100) return '…';
  if (Array.isArray(value) || value instanceof Set || value instanceof Uint8Array) {
    return Array.from(value as Iterable<unknown>, (part) => toPlain(part, depth + 1));
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  if (!(value instanceof Map) && Object.getPrototypeOf(value) !== Object.prototype) {
    return String(value);
  }
  return Object.fromEntries(entries.map(([key, part]) => [String(key), toPlain(part, depth + 1)]));
}
