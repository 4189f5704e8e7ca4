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

/** What each node was after the last step; null while it does not run. */
export type StandingsNow = Map<string, { standing: string; epoch: unknown } | null>;

/**
 * Compares the standings after a step with those before, and keeps the new ones in `now`. A node
 * whose epoch alone has changed went from its standing to the same one, as a candidate that begins
 * a new election. A look that fails shows no standing: then the node keeps the one that it had.
 */
export function transitionsIn(moment: Moment, now: StandingsNow): Transition[] {
  const found: Transition[] = [];
  for (const { id, role, status, rank } of moment.nodes) {
    if (rank.problem !== undefined) continue;
    const before = now.get(id) ?? null;
    if (isOff(status)) {
      if (before !== null) now.set(id, null);
      continue;
    }
    const to = rank.standing ?? '';
    const epoch = rank.epoch?.value;
    if (before?.standing === to && before.epoch === epoch) continue;
    now.set(id, { standing: to, epoch });
    found.push({ node: id, role, from: before?.standing ?? null, to });
  }
  return found;
}

/** Whether a role says nothing of a transition: only a change of the standing must be declared. */
export function isUnnamed(standings: Standings, one: Pick<Transition, 'from' | 'to'>): boolean {
  return one.from === one.to && declaredCause(standings, one) === undefined;
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
