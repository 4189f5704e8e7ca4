/** Runs the statements of a Lua script. */
import {
  callOf, closureOf, type Evaluate, expressionOf, listOf, setField, tailCallOf,
} from './interpreter.ts';
import { Box, type Frame, leaves, type Machine, type Run } from './machine.ts';
import { describe } from './operators.ts';
import { sumOf } from './sum.ts';
import type { Block, Expression, Statement, Variable } from './syntax.ts';
import { isTrue, LuaFunction, numberOf, Table, type Value } from './values.ts';

export function blockOf(machine: Machine, block: Block): Run {
  const statements = block.map((one) => statementOf(machine, one));
  if (statements.length === 1) return statements[0];
  return (frame) => {
    for (const statement of statements) {
      const result = statement(frame);
      if (result !== undefined) return result;
    }
    return undefined;
  };
}

function statementOf(machine: Machine, statement: Statement): Run {
  switch (statement.type) {
    case 'local':
      return localOf(machine, statement);
    case 'assign':
      return assignmentOf(machine, statement);
    case 'call': {
      const call = callOf(machine, statement.call);
      return (frame) => void call(frame);
    }
    case 'do':
      return blockOf(machine, statement.block);
    case 'while':
      return whileOf(machine, statement);
    case 'repeat':
      return repeatOf(machine, statement);
    case 'if':
      return ifOf(machine, statement);
    case 'count':
      return countOf(machine, statement);
    case 'each':
      return eachOf(machine, statement);
    case 'function':
      return functionStatementOf(machine, statement);
    case 'return': {
      const [only] = statement.values;
      if (statement.values.length === 1 && only.type === 'call') return tailCallOf(machine, only);
      return listOf(machine, statement.values);
    }
    case 'break':
      return () => leaves;
    default:
      throw new Error(`not a statement: ${JSON.stringify(statement satisfies never)}`);
  }
}

function declare({ slots }: Frame, { slot, isCaptured }: Variable, value: Value): void {
  slots[slot] = isCaptured ? new Box(value) : value;
}

function localOf(
  machine: Machine,
  { variables, values }: Extract<Statement, { type: 'local' }>,
): Run {
  if (variables.length === 1 && values.length === 1) {
    const value = expressionOf(machine, values[0]);
    return (frame) => {
      declare(frame, variables[0], value(frame));
      return undefined;
    };
  }
  const list = listOf(machine, values);
  return (frame) => {
    const all = list(frame);
    variables.forEach((variable, i) => declare(frame, variable, all[i] ?? null));
    return undefined;
  };
}

/** A local function can call itself, so its variable exists before it. */
function functionStatementOf(
  machine: Machine,
  { variable, body }: Extract<Statement, { type: 'function' }>,
): Run {
  const closure = closureOf(machine, body);
  return (frame) => {
    declare(frame, variable, null);
    const made = closure(frame);
    const place = frame.slots[variable.slot];
    if (place instanceof Box) place.value = made;
    else frame.slots[variable.slot] = made;
    return undefined;
  };
}

type Assign = (frame: Frame, value: Value) => void;

function assignmentOf(
  machine: Machine,
  { targets, values, line }: Extract<Statement, { type: 'assign' }>,
): Run {
  const assigns = targets.map((target) => targetOf(machine, target, line));
  if (assigns.length === 1 && values.length === 1) {
    const [assign] = assigns;
    const value = expressionOf(machine, values[0]);
    return (frame) => {
      assign(frame)(frame, value(frame));
      return undefined;
    };
  }
  const list = listOf(machine, values);
  return (frame) => {
    // The tables and keys on the left are evaluated before anything is assigned.
    const places = assigns.map((assign) => assign(frame));
    const all = list(frame);
    places.forEach((place, i) => place(frame, all[i] ?? null));
    return undefined;
  };
}

function targetOf(machine: Machine, target: Expression, line: number): (frame: Frame) => Assign {
  if (target.type === 'local') {
    const { slot, isCaptured } = target.variable;
    const assign: Assign = isCaptured
      ? ({ slots }, value) => void ((slots[slot] as Box).value = value)
      : ({ slots }, value) => void (slots[slot] = value);
    return () => assign;
  }
  if (target.type === 'upvalue') {
    const { index } = target;
    const assign: Assign = ({ upvalues }, value) => void (upvalues[index].value = value);
    return () => assign;
  }
  if (target.type === 'global') {
    return () => () => machine.fail('Attempt to modify a readonly table', line);
  }
  if (target.type !== 'index') throw new Error(`not a target: ${target.type}`);
  const table = expressionOf(machine, target.of);
  const key = expressionOf(machine, target.key);
  return (frame) => {
    const [of, name] = [table(frame), key(frame)];
    if (!(of instanceof Table)) {
      return machine.fail(`attempt to index ${describe(target.of, of)}`, line);
    }
    return (_frame, value) => {
      machine.line = line;
      setField(machine, of, name, value);
    };
  };
}

// Loops: each round counts, so that a script that never ends is noticed

function whileOf(
  machine: Machine,
  { condition, block }: Extract<Statement, { type: 'while' }>,
): Run {
  const [test, body] = [expressionOf(machine, condition), blockOf(machine, block)];
  const cost = block.length + 1;
  return (frame) => {
    while (isTrue(test(frame))) {
      machine.count(cost);
      const result = body(frame);
      if (result === leaves) break;
      if (result !== undefined) return result;
    }
    return undefined;
  };
}

function repeatOf(
  machine: Machine,
  { condition, block }: Extract<Statement, { type: 'repeat' }>,
): Run {
  const [test, body] = [expressionOf(machine, condition), blockOf(machine, block)];
  const cost = block.length + 1;
  return (frame) => {
    do {
      machine.count(cost);
      const result = body(frame);
      if (result === leaves) break;
      if (result !== undefined) return result;
    } while (!isTrue(test(frame)));
    return undefined;
  };
}

function ifOf(
  machine: Machine,
  { branches, otherwise }: Extract<Statement, { type: 'if' }>,
): Run {
  const tests = branches.map(([condition]) => expressionOf(machine, condition));
  const blocks = branches.map(([, block]) => blockOf(machine, block));
  const last = blockOf(machine, otherwise);
  return (frame) => {
    for (let i = 0; i < tests.length; i++) if (isTrue(tests[i](frame))) return blocks[i](frame);
    return last(frame);
  };
}

function countOf(machine: Machine, node: Extract<Statement, { type: 'count' }>): Run {
  const { variable, block, line } = node;
  const [from, to] = [expressionOf(machine, node.from), expressionOf(machine, node.to)];
  const by: Evaluate = node.by === undefined ? () => 1 : expressionOf(machine, node.by);
  const body = blockOf(machine, block);
  const sum = sumOf(node);
  const cost = block.length + 1;
  const bound = (value: Value, what: string): number => {
    return numberOf(value) ?? machine.fail(`'for' ${what} must be a number`, line);
  };
  return (frame) => {
    const first = bound(from(frame), 'initial value');
    const last = bound(to(frame), 'limit');
    const step = bound(by(frame), 'step');
    if (sum?.(machine, frame, first, last, step)) return undefined;
    for (let i = first; step > 0 ? i <= last : i >= last; i += step) {
      machine.count(cost);
      declare(frame, variable, i);
      const result = body(frame);
      if (result === leaves) break;
      if (result !== undefined) return result;
    }
    return undefined;
  };
}

function eachOf(machine: Machine, node: Extract<Statement, { type: 'each' }>): Run {
  const { variables, block, line } = node;
  const list = listOf(machine, node.values);
  const body = blockOf(machine, block);
  const cost = block.length + 1;
  return (frame) => {
    const [next, state = null, start = null] = list(frame);
    let control = start;
    for (;;) {
      if (!(next instanceof LuaFunction)) {
        return machine.fail(`attempt to call a ${next === null ? 'nil' : typeof next} value`, line);
      }
      machine.count(cost);
      machine.line = line;
      const values = next.call([state, control]);
      control = values[0] ?? null;
      if (control === null) return undefined;
      variables.forEach((variable, i) => declare(frame, variable, values[i] ?? null));
      const result = body(frame);
      if (result === leaves) return undefined;
      if (result !== undefined) return result;
    }
  };
}
