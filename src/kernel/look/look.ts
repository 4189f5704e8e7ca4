/**
 * What a role shows of a node in panels, thread names and conditions. `look` is an author's code:
 * it may throw and may return anything, and neither may hide the node. All other code reads it
 * through this file.
 */
import type { Look, Role } from '../../protocol/types.ts';
import { isPlain, shown } from '../data/shown.ts';
import type { Cast } from '../plan.ts';
import { checkedFields } from './fields.ts';
import { type LookProblem, threw } from './problem.ts';

export interface Inspected {
  readonly look: Look;
  /** The first one, if there are several. */
  readonly problem?: LookProblem;
}

type State = Readonly<Record<string, unknown>>;

/** What `look` needs of a node besides its state. */
export type Looked = Pick<Cast, 'role' | 'identity'>;

/** What is usable of what the role shows; empty if nothing is. Never throws. */
export function lookOf(node: Looked, state: State): Look {
  return inspect(node, state, 0).look;
}

/** More entries than a panel draws need no check. */
const entriesChecked = 12;

/** The same, and what is wrong with it, the last entries of a log included. */
export function inspectLook(node: Looked, state: State): Inspected {
  return inspect(node, state, entriesChecked);
}

function inspect({ role, identity }: Looked, state: State, entries: number): Inspected {
  if (role.look === undefined) return showsNothing;
  try {
    const raw: unknown = role.look(state, identity);
    if (typeof raw !== 'object' || raw === null || !isPlain(raw)) {
      return { look: {}, problem: { type: 'not an object', found: shown(raw, 60) } };
    }
    const problems: LookProblem[] = [];
    const look = checkedFields(raw as Record<string, unknown>, entries, problems);
    return problems.length === 0 ? { look } : { look, problem: problems[0] };
  } catch (error) {
    return { look: {}, problem: threw(error) };
  }
}

/**
 * The standing and the epoch alone. Conditions read them at every step, so this costs hardly more
 * than calling `look`: only a `look` that fails is inspected.
 */
export function inspectRank(node: Looked, state: State): Inspected {
  const { look: show } = node.role as Role;
  if (show === undefined) return showsNothing;
  try {
    const raw: unknown = show(state, node.identity);
    if (typeof raw === 'object' && raw !== null) {
      const { standing, epoch } = raw as { standing?: unknown; epoch?: Partial<Look['epoch']> };
      if (isEpoch(epoch) && (standing === undefined || typeof standing === 'string')) {
        return { look: { standing, epoch } as Look };
      }
    }
  } catch {
    // `inspect` reports what was thrown.
  }
  const { look, problem } = inspectLook(node, state);
  const { standing, epoch } = look;
  return { look: { standing, epoch }, ...(problem && { problem }) };
}

function isEpoch(epoch: Partial<Look['epoch']>): boolean {
  if (epoch === undefined) return true;
  const { name, value } = epoch as { name?: unknown; value?: unknown };
  const isValue = typeof value === 'number' || typeof value === 'string';
  return isValue && typeof name === 'string';
}

const showsNothing: Inspected = { look: {} };
