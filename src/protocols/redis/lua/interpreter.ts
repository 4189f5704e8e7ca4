/** Runs the syntax tree of a Lua script: each node becomes a function, once. */
import { Box, type Frame, leaves, type Machine } from './machine.ts';
import {
  arithmetic, compute, concatenate, describe, elementOf, globalOf, isArithmetic, isLess,
  isLessOrEqual, lengthOf,
} from './operators.ts';
import type { Call, Expression, FunctionBody } from './syntax.ts';
import { isTrue, LuaFunction, numberOf, Table, TailCall, type Value } from './values.ts';

export type Evaluate = (frame: Frame) => Value;
export type EvaluateAll = (frame: Frame) => readonly Value[];

/** A function of the script, given what it captures. */
export function functionOf(
  machine: Machine,
  { parameters, takesMore, block, slots }: FunctionBody,
): (upvalues: readonly Box[]) => LuaFunction {
  const run = machine.blockOf(machine, block);
  return (upvalues) =>
    new LuaFunction((args) => {
      machine.count(1);
      const frame: Frame = {
        slots: new Array<Value>(slots).fill(null),
        upvalues,
        varargs: takesMore ? args.slice(parameters.length) : [],
      };
      parameters.forEach(({ slot, isCaptured }, i) => {
        const value = args[i] ?? null;
        frame.slots[slot] = isCaptured ? new Box(value) : value;
      });
      const result = run(frame);
      return result === undefined || result === leaves ? [] : result;
    });
}

export function expressionOf(machine: Machine, expression: Expression): Evaluate {
  switch (expression.type) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'varargs':
      return ({ varargs }) => varargs[0] ?? null;
    case 'local': {
      const { slot, isCaptured } = expression.variable;
      if (isCaptured) return ({ slots }) => (slots[slot] as Box).value;
      return ({ slots }) => slots[slot] as Value;
    }
    case 'upvalue': {
      const { index } = expression;
      return ({ upvalues }) => upvalues[index].value;
    }
    case 'global': {
      const { name, line } = expression;
      return () => globalOf(machine, name, line);
    }
    case 'index': {
      const { of, key, line } = expression;
      const [table, name] = [expressionOf(machine, of), expressionOf(machine, key)];
      return (frame) => elementOf(machine, of, table(frame), name(frame), line);
    }
    case 'call': {
      const call = callOf(machine, expression);
      return (frame) => call(frame)[0] ?? null;
    }
    case 'single':
      return expressionOf(machine, expression.inner);
    case 'function':
      return closureOf(machine, expression.body);
    case 'binary':
      return binaryOf(machine, expression);
    case 'unary':
      return unaryOf(machine, expression);
    case 'table':
      return tableOf(machine, expression);
    default:
      throw new Error(`not an expression: ${JSON.stringify(expression satisfies never)}`);
  }
}

/** A list of expressions: the last one, if it is a call or `...`, gives all its values. */
export function listOf(machine: Machine, expressions: readonly Expression[]): EvaluateAll {
  const last = expressions.at(-1);
  if (last === undefined) return () => [];
  if (last.type !== 'call' && last.type !== 'varargs') {
    const all = expressions.map((one) => expressionOf(machine, one));
    return (frame) => all.map((one) => one(frame));
  }
  const first = expressions.slice(0, -1).map((one) => expressionOf(machine, one));
  const rest: EvaluateAll =
    last.type === 'call' ? callOf(machine, last) : ({ varargs }) => varargs;
  if (first.length === 0) return rest;
  return (frame) => [...first.map((one) => one(frame)), ...rest(frame)];
}

export function closureOf(machine: Machine, body: FunctionBody): (frame: Frame) => LuaFunction {
  const make = functionOf(machine, body);
  return ({ slots, upvalues }) =>
    make(
      body.captures.map((capture) =>
        capture.from === 'local' ? (slots[capture.variable.slot] as Box) : upvalues[capture.index],
      ),
    );
}

export function callOf(machine: Machine, call: Call): EvaluateAll {
  const prepare = tailCallOf(machine, call);
  const { line } = call;
  return (frame) => {
    const { callee, args } = prepare(frame);
    const results = callee.call(args);
    machine.line = line;
    return results;
  };
}

/** Evaluates what a call needs, and leaves the call itself to the caller. */
export function tailCallOf(
  machine: Machine,
  { callee, method, args, line }: Call,
): (frame: Frame) => TailCall {
  const evaluate = expressionOf(machine, callee);
  const list = listOf(machine, args);
  return (frame) => {
    let called = evaluate(frame);
    let given: readonly Value[];
    if (method === undefined) {
      given = list(frame);
    } else {
      const self = called;
      called = elementOf(machine, callee, self, method, line);
      given = [self, ...list(frame)];
    }
    if (!(called instanceof LuaFunction)) {
      const name =
        method === undefined
          ? describe(callee, called)
          : `method '${method}' (a ${called === null ? 'nil' : typeof called} value)`;
      return machine.fail(`attempt to call ${name}`, line);
    }
    machine.line = line;
    machine.count(1);
    return new TailCall(called, given);
  };
}

function binaryOf(machine: Machine, node: Extract<Expression, { type: 'binary' }>): Evaluate {
  const { operator, line } = node;
  const left = expressionOf(machine, node.left);
  const right = expressionOf(machine, node.right);
  if (isArithmetic(operator)) {
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      if (typeof a === 'number' && typeof b === 'number') return compute(operator, a, b);
      return arithmetic(machine, operator, node, a, b);
    };
  }
  switch (operator) {
    case 'and':
      return (frame) => {
        const value = left(frame);
        return isTrue(value) ? right(frame) : value;
      };
    case 'or':
      return (frame) => {
        const value = left(frame);
        return isTrue(value) ? value : right(frame);
      };
    case '..':
      // It binds to the right, so the right operands are concatenated first.
      return (frame) => {
        const a = left(frame);
        return concatenate(machine, node, a, right(frame));
      };
    case '==':
      return (frame) => left(frame) === right(frame);
    case '~=':
      return (frame) => left(frame) !== right(frame);
    case '<':
      return (frame) => isLess(machine, left(frame), right(frame), line);
    case '<=':
      return (frame) => isLessOrEqual(machine, left(frame), right(frame), line);
    case '>':
      return (frame) => {
        const a = left(frame);
        return isLess(machine, right(frame), a, line);
      };
    case '>=':
      return (frame) => {
        const a = left(frame);
        return isLessOrEqual(machine, right(frame), a, line);
      };
    default:
      throw new Error(`not an operator: ${String(operator satisfies never)}`);
  }
}

function unaryOf(
  machine: Machine,
  { operator, operand, line }: Extract<Expression, { type: 'unary' }>,
): Evaluate {
  const evaluate = expressionOf(machine, operand);
  if (operator === 'not') return (frame) => !isTrue(evaluate(frame));
  if (operator === '#') return (frame) => lengthOf(machine, operand, evaluate(frame), line);
  return (frame) => {
    const value = evaluate(frame);
    const number = numberOf(value);
    if (number !== undefined) return -number;
    return machine.fail(`attempt to perform arithmetic on ${describe(operand, value)}`, line);
  };
}

function tableOf(
  machine: Machine,
  { items, fields }: Extract<Expression, { type: 'table' }>,
): Evaluate {
  const list = listOf(machine, items);
  const pairs = fields.map(
    ([key, value]) => [expressionOf(machine, key), expressionOf(machine, value)] as const,
  );
  return (frame) => {
    const table = new Table();
    for (const [key, value] of pairs) setField(machine, table, key(frame), value(frame));
    list(frame).forEach((item, i) => table.set(i + 1, item));
    return table;
  };
}

export function setField(machine: Machine, table: Table, key: Value, value: Value): void {
  if (table.isReadOnly) machine.fail('Attempt to modify a readonly table');
  if (key === null) machine.fail('table index is nil');
  if (typeof key === 'number' && Number.isNaN(key)) machine.fail('table index is NaN');
  table.set(key, value);
}
