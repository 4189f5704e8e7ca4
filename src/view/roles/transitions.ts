/** How nodes change their standing in a run, and whether their roles declare it. */
import type { Moment } from '../../kernel/seam/moment.ts';
import { isOff } from '../../kernel/seam/moment.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Role } from '../../protocol/types.ts';

/** A node has another standing than before the step. */
export interface Transition {
  readonly node: string;
  readonly role: string;
  /** Null if it booted; the empty string if its role showed none. */
  readonly from: string | null;
  readonly to: string;
}

/** The standing of each node after the last step; null while it does not run. */
export type StandingsNow = Map<string, string | null>;

/**
 * Compares the standings after a step with those before, and keeps the new ones in `now`. A look
 * that fails shows no standing: then the node keeps the one that it had.
 */
export function transitionsIn(moment: Moment, now: StandingsNow): Transition[] {
  const found: Transition[] = [];
  for (const node of moment.nodes) {
    const { id, role } = node;
    const before = now.get(id) ?? null;
    const after = isOff(node.status) ? null : standingNow(node, before);
    if (after === before) continue;
    now.set(id, after);
    if (after !== null) found.push({ node: id, role, from: before, to: after });
  }
  return found;
}

function standingNow({ rank }: Moment['nodes'][number], before: string | null): string | null {
  return rank.problem === undefined ? (rank.standing ?? '') : before;
}

/** The standings in which a node can boot. */
export function bootStandings(standings: Standings): string[] {
  const names = Object.keys(standings);
  const marked = names.filter((name) => standings[name]!.boots === true);
  return marked.length > 0 ? marked : names.slice(0, 1);
}

/** What causes a transition, as its role declares it; undefined if it does not. */
export function declaredCause(
  standings: Standings,
  { from, to }: Pick<Transition, 'from' | 'to'>,
): string | undefined {
  if (from === null) return bootStandings(standings).includes(to) ? 'boot' : undefined;
  if (!Object.hasOwn(standings, from) || !Object.hasOwn(standings, to)) return undefined;
  const next = standings[from]!.to ?? {};
  return Object.hasOwn(next, to) ? next[to] : undefined;
}

/** What a role declares; undefined if it declares nothing. */
export function standingsOf(
  roles: Readonly<Record<string, Pick<Role, 'standings'>>>,
  role: string,
): Standings | undefined {
  return Object.hasOwn(roles, role) ? roles[role]!.standings : undefined;
}
