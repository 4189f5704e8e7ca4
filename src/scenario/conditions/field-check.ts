/** Finds misspelt fields in expressions before a run. */
import type { NodeSetup } from '../../kernel/plan.ts';
import type { NodeId, Protocol } from '../../protocol/types.ts';
import type { Fault } from '../problem.ts';
import { didYouMean, unknownName } from '../suggest.ts';
import { lookFields } from './look-view.ts';
import { sizeOf } from './slips.ts';

/** What is known of the states before the run. */
export interface StateFields {
  /** The fields of each node's state. */
  readonly of: Readonly<Record<NodeId, readonly string[]>>;
  /** The fields that begin as a list or a string in every state that has them. */
  readonly sized: ReadonlySet<string>;
}

export const noStateFields: StateFields = { of: {}, sized: new Set() };

/** The fields of the initial state of each node. */
export function stateFields(protocol: Protocol, nodes: readonly NodeSetup[]): StateFields {
  const fields: Record<NodeId, readonly string[]> = {};
  const byRole = new Map<string, object>();
  for (const { id, role } of nodes) {
    if (!byRole.has(role)) byRole.set(role, initialState(protocol, role, id));
    fields[id] = Object.keys(byRole.get(role)!);
  }
  const all = [...byRole.values()].flatMap((state) => Object.entries(state) as [string, unknown][]);
  const isSized = (value: unknown) => Array.isArray(value) || typeof value === 'string';
  const others = new Set(all.filter(([, value]) => !isSized(value)).map(([name]) => name));
  const sized = all.map(([name]) => name).filter((name) => !others.has(name));
  return { of: fields, sized: new Set(sized) };
}

/** The fields of the state with which a node boots. */
export function firstFields(protocol: Protocol, roleName: string, id: NodeId): readonly string[] {
  return Object.keys(initialState(protocol, roleName, id));
}

function initialState(protocol: Protocol, roleName: string, id: NodeId): object {
  const role = protocol.roles[roleName];
  const defaults = Object.entries(role.options ?? {}).map(([name, spec]) => [name, spec.default]);
  try {
    return role.init({ id, options: Object.fromEntries(defaults) }) ?? {};
  } catch {
    // A mistake of the protocol's author, which is reported when the run starts.
    return {};
  }
}

/** The fields of a node in expressions. */
const nodeFields = [
  ...['id', 'role', 'up', 'paused', 'state', 'standing', 'epoch', 'options', 'clock', 'operations'],
  ...['host', 'connections', 'look'],
] as const;

interface Syntax {
  op: string;
  args: unknown;
  range: { start: number; end: number };
}

/**
 * The fault of a field that a node does not have, or that is nearly one of its state. A state may
 * gain fields during the run, so a field that is unlike all known ones is not a fault yet.
 */
export function misspeltField(root: unknown, states: StateFields): Fault | undefined {
  for (const syntax of partsOf(root)) {
    const fault = syntax.op === '.' ? fieldFault(syntax, states) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** All nodes of a syntax tree, each before those below it. */
function* partsOf(root: unknown): Generator<Syntax> {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const syntax = open.pop();
    if (Array.isArray(syntax)) {
      open.push(...syntax);
    } else if (isSyntax(syntax)) {
      yield syntax;
      open.push(syntax.args);
    }
  }
}

/** A field of a state, or of the current event, that an expression names. */
export interface NamedField {
  readonly of: 'state' | 'event';
  readonly field: string;
}

/**
 * The fields that an expression may name without reading them: `has(n1.state.vote)`, `"vote" in
 * n1.state`, `n1.up || n1.state.vote == "n2"`. A misspelt one is only absent there, whereas reading
 * it would be an error.
 */
export function namedFields(root: unknown): NamedField[] {
  const found = new Map<string, NamedField>();
  for (const syntax of partsOf(root)) {
    const named = namedField(syntax);
    if (named !== undefined) found.set(`${named.of} ${named.field}`, named);
  }
  return [...found.values()];
}

/** Whether an expression names the time, or what the clock of a node shows. */
export function namesTime(root: unknown): boolean {
  for (const syntax of partsOf(root)) {
    if ((syntax.op === 'id' && syntax.args === 'time') || namesClock(syntax)) return true;
  }
  return false;
}

/** `n1.clock`, `nodes[0].clock`, `n1["clock"]`; a `clock` of a state or an event is any field. */
function namesClock({ op, args }: Syntax): boolean {
  if (op !== '.' && op !== '[]') return false;
  const [left, key] = args as [unknown, unknown];
  const field = isSyntax(key) && key.op === 'value' ? key.args : key;
  return field === 'clock' && mayBeNode(left);
}

/** No node is in a field of anything. */
function mayBeNode(syntax: unknown): boolean {
  if (!isSyntax(syntax)) return true;
  const { op, args } = syntax;
  if (op === 'id') return args !== 'event' && args !== 'message' && args !== 'state';
  if (op === '[]') return mayBeNode((args as unknown[])[0]);
  return op !== '.';
}

function namedField({ op, args }: Syntax): NamedField | undefined {
  if (op === 'in') {
    const [key, map] = args as [Syntax, Syntax];
    const isName = key.op === 'value' && typeof key.args === 'string';
    return isName ? fieldOf(map, String(key.args)) : undefined;
  }
  if (op !== '.') return undefined;
  const [left, field] = args as [unknown, string];
  return fieldOf(left, field);
}

function fieldOf(owner: unknown, field: string): NamedField | undefined {
  if (!isSyntax(owner)) return undefined;
  const isEvent = owner.op === 'id' && owner.args === 'event';
  if (isEvent) return field === 'name' || field === 'node' ? undefined : { of: 'event', field };
  const isOfNode = owner.op === '.' && (owner.args as [unknown, string])[1] === 'state';
  const isState = isOfNode || (owner.op === 'id' && owner.args === 'state');
  return isState ? { of: 'state', field } : undefined;
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function fieldFault({ args, range }: Syntax, states: StateFields): Fault | undefined {
  const [left, field] = args as [unknown, string];
  if (!isSyntax(left)) return undefined;
  const place = { start: range.end - field.length, end: range.end };
  const code = 'cel-unknown-field';
  if (/^(length|size|count)$/.test(field) && isSized(left, states)) {
    return { code, message: `a list has no field \`${field}\``, ...place, hint: sizeOf };
  }
  if (left.op === 'id') {
    const id = String(left.args);
    if (!Object.hasOwn(states.of, id) || (nodeFields as readonly string[]).includes(field))
      return undefined;
    const mistake = unknownName(code, 'a node has no field', field, nodeFields);
    const isInState = states.of[id].includes(field);
    return { ...mistake, ...place, ...(isInState && { hint: `write \`${id}.state.${field}\`` }) };
  }
  if (left.op !== '.') return undefined;
  const [node, state] = left.args as [unknown, string];
  if (!isSyntax(node) || node.op !== 'id') return undefined;
  const isNode = Object.hasOwn(states.of, String(node.args)) || node.args === 'node';
  if (state === 'look' && isNode) return lookFault(field, place);
  if (state !== 'state') return undefined;
  const known = states.of[String(node.args)] ?? [];
  if (known.includes(field)) return undefined;
  const hint = didYouMean(field, known);
  if (hint === undefined) return undefined;
  const message = `the state of ${String(node.args)} has no field \`${field}\``;
  return { code, message, ...place, hint };
}

function lookFault(field: string, place: { start: number; end: number }): Fault | undefined {
  if ((lookFields as readonly string[]).includes(field)) return undefined;
  const fault = unknownName('cel-unknown-field', '`look` has no field', field, lookFields);
  return { ...fault, ...place };
}

/** Whether an expression is a list or a string for certain: `nodes`, or such a field of a state. */
function isSized({ op, args }: Syntax, { sized }: StateFields): boolean {
  if (op === 'id') return args === 'nodes';
  if (op !== '.') return false;
  const [state, field] = args as [unknown, string];
  const isState = isSyntax(state) && state.op === '.' && (state.args as unknown[])[1] === 'state';
  return isState && sized.has(field);
}
