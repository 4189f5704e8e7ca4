/** Finds misspelt fields in expressions before a run. */
import type { NodeSetup } from '../../kernel/plan.ts';
import type { NodeId, Protocol } from '../../protocol/types.ts';
import type { Fault } from '../problem.ts';
import { didYouMean, unknownName } from '../suggest.ts';

/** The fields of each node's state, as far as they are known. */
export type StateFields = Readonly<Record<NodeId, readonly string[]>>;

/** The fields of the initial state of each node. */
export function stateFields(protocol: Protocol, nodes: readonly NodeSetup[]): StateFields {
  const fields: Record<NodeId, readonly string[]> = {};
  const byRole = new Map<string, readonly string[]>();
  for (const { id, role } of nodes) {
    if (!byRole.has(role)) byRole.set(role, firstFields(protocol, role, id));
    fields[id] = byRole.get(role)!;
  }
  return fields;
}

/** The fields of the state with which a node boots. */
export function firstFields(protocol: Protocol, roleName: string, id: NodeId): readonly string[] {
  const role = protocol.roles[roleName];
  const defaults = Object.entries(role.options ?? {}).map(([name, spec]) => [name, spec.default]);
  try {
    return Object.keys(role.init({ id, options: Object.fromEntries(defaults) }));
  } catch {
    // A mistake of the protocol's author, which is reported when the run starts.
    return [];
  }
}

/** The fields of a node in expressions. */
const nodeFields = [
  ...['id', 'role', 'up', 'paused', 'state', 'standing', 'epoch', 'options', 'clock', 'operations'],
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
  const open: unknown[] = [root];
  while (open.length > 0) {
    const syntax = open.pop();
    if (Array.isArray(syntax)) {
      open.push(...syntax);
    } else if (isSyntax(syntax)) {
      const fault = syntax.op === '.' ? fieldFault(syntax, states) : undefined;
      if (fault !== undefined) return fault;
      open.push(syntax.args);
    }
  }
  return undefined;
}

/**
 * The fields of a state whose presence an expression tests: `has(n1.state.vote)`, `"vote" in
 * n1.state`. A misspelt one is only absent, whereas reading it would be an error.
 */
export function testedFields(root: unknown): string[] {
  const found = new Set<string>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const syntax = open.pop();
    if (Array.isArray(syntax)) {
      open.push(...syntax);
    } else if (isSyntax(syntax)) {
      const field = testedField(syntax);
      if (field !== undefined) found.add(field);
      open.push(syntax.args);
    }
  }
  return [...found];
}

function testedField({ op, args }: Syntax): string | undefined {
  if (op === 'in') {
    const [key, map] = args as [Syntax, Syntax];
    const isName = key.op === 'value' && typeof key.args === 'string';
    return isName && isState(map) ? String(key.args) : undefined;
  }
  if (op !== 'call') return undefined;
  const [name, given] = args as [string, unknown[]];
  const [access] = name === 'has' ? given : [];
  if (!isSyntax(access) || access.op !== '.') return undefined;
  const [left, field] = access.args as [unknown, string];
  return isState(left) ? field : undefined;
}

/** Whether an expression ends with `.state`. */
function isState(value: unknown): boolean {
  return isSyntax(value) && value.op === '.' && (value.args as [unknown, string])[1] === 'state';
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function fieldFault({ args, range }: Syntax, states: StateFields): Fault | undefined {
  const [left, field] = args as [unknown, string];
  if (!isSyntax(left)) return undefined;
  const place = { start: range.end - field.length, end: range.end };
  const code = 'cel-unknown-field';
  if (left.op === 'id') {
    const id = String(left.args);
    if (!Object.hasOwn(states, id) || (nodeFields as readonly string[]).includes(field))
      return undefined;
    const mistake = unknownName(code, 'a node has no field', field, nodeFields);
    const isInState = states[id].includes(field);
    return { ...mistake, ...place, ...(isInState && { hint: `write \`${id}.state.${field}\`` }) };
  }
  if (left.op !== '.') return undefined;
  const [node, state] = left.args as [unknown, string];
  if (state !== 'state' || !isSyntax(node) || node.op !== 'id') return undefined;
  const known = states[String(node.args)] ?? [];
  if (known.includes(field)) return undefined;
  const hint = didYouMean(field, known);
  if (hint === undefined) return undefined;
  const message = `the state of ${String(node.args)} has no field \`${field}\``;
  return { code, message, ...place, hint };
}
