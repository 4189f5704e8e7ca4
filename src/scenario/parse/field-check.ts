/** Fields that an expression misspells, found before anything runs. */
import type { NodeSetup } from '../../kernel/plan.ts';
import type { NodeId, Protocol } from '../../protocol/types.ts';
import type { Fault } from '../problem.ts';
import { didYouMean } from '../suggest.ts';

/** For each node the fields of its state, as far as they are known. */
export type StateFields = Readonly<Record<NodeId, readonly string[]>>;

/** The fields that the states of nodes have at first. */
export function stateFields(protocol: Protocol, nodes: readonly NodeSetup[]): StateFields {
  const fields: Record<NodeId, readonly string[]> = {};
  const byRole = new Map<string, readonly string[]>();
  for (const { id, role } of nodes) {
    if (!byRole.has(role)) byRole.set(role, fieldsOf(protocol, role, id));
    fields[id] = byRole.get(role)!;
  }
  return fields;
}

function fieldsOf(protocol: Protocol, roleName: string, id: NodeId): readonly string[] {
  const role = protocol.roles[roleName];
  const defaults = Object.entries(role.options ?? {}).map(([name, spec]) => [name, spec.default]);
  try {
    return Object.keys(role.init({ id, options: Object.fromEntries(defaults) }));
  } catch {
    // An author's mistake: it is told when the run starts.
    return [];
  }
}

/** What an expression sees of a node. */
export const nodeFields = [
  ...['id', 'role', 'up', 'paused', 'state', 'standing', 'epoch', 'options', 'clock', 'operations'],
] as const;

interface Syntax {
  op: string;
  args: unknown;
  range: { start: number; end: number };
}

/**
 * A field that a node does not have, or one of a state that is almost one that it has. A state may
 * gain fields while it runs, so that others are left to the run.
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

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function fieldFault({ args, range }: Syntax, states: StateFields): Fault | undefined {
  const [left, field] = args as [unknown, string];
  if (!isSyntax(left)) return undefined;
  const place = { start: range.end - field.length, end: range.end };
  if (left.op === 'id') {
    const id = String(left.args);
    if (!Object.hasOwn(states, id) || (nodeFields as readonly string[]).includes(field))
      return undefined;
    const inState = states[id].includes(field) ? `write \`${id}.state.${field}\`` : undefined;
    const hint = inState ?? didYouMean(field, nodeFields) ?? `it has ${nodeFields.join(', ')}`;
    return { message: `a node has no \`${field}\``, ...place, hint };
  }
  if (left.op !== '.') return undefined;
  const [node, state] = left.args as [unknown, string];
  if (state !== 'state' || !isSyntax(node) || node.op !== 'id') return undefined;
  const known = states[String(node.args)] ?? [];
  if (known.includes(field)) return undefined;
  const hint = didYouMean(field, known);
  if (hint === undefined) return undefined;
  return { message: `the state of ${String(node.args)} has no \`${field}\``, ...place, hint };
}
