/** How nodes change their standing in a run, and whether their roles declare it. */
import type { Moment } from '../../kernel/seam/moment.ts';
import { isOff } from '../../kernel/seam/moment.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Role } from '../../protocol/types.ts';

/** A node has another standing than before the step. */
export interface Transition {
  readonly node: string;
  readonly role: string;
  /** The node that holds it to have this standing; absent if it is the node's own. */
  readonly by?: string;
  /** Null if it booted, or was not known to `by`; the empty string if its role showed none. */
  readonly from: string | null;
  readonly to: string;
}

/** What each node was after the last step; null while it does not run. */
export type StandingsNow = Map<string, { standing: string; epoch: unknown } | null>;

/** What each node held the others to be after the last step. */
export type OthersNow = Map<string, Readonly<Record<string, string>>>;

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

/**
 * The same for what nodes hold others to be: of those roles alone that declare it, because the
 * whole `look` of such a node is read. What a node without a process knew is gone.
 */
export function transitionsOfOthers(
  { nodes }: Moment,
  roles: Readonly<Record<string, Pick<Role, 'others'>>>,
  now: OthersNow,
): Transition[] {
  const found: Transition[] = [];
  for (const node of nodes) {
    if (roles[node.role]?.others === undefined) continue;
    const { id: by, role, status } = node;
    const before = now.get(by) ?? {};
    const others = isOff(status) ? {} : (node.look.others ?? {});
    now.set(by, others);
    for (const [id, to] of Object.entries(others)) {
      const from = before[id] ?? null;
      if (from !== to) found.push({ node: id, role, by, from, to });
    }
  }
  return found;
}

/**
 * Without the standings that the options of these nodes exclude. Which one a node has counts, also
 * if it contradicts its options.
 */
export function reachable(
  standings: Standings,
  nodes: readonly { readonly options: Readonly<Record<string, unknown>> }[],
): Standings {
  const isSet = (value: unknown) =>
    Array.isArray(value) ? value.length > 0 : Boolean(value);
  const all = Object.entries(standings).filter(
    ([, { option }]) => option === undefined || nodes.some(({ options }) => isSet(options[option])),
  );
  const names = new Set(all.map(([name]) => name));
  return Object.fromEntries(all.map(([name, one]) => {
    const to = Object.entries(one.to ?? {}).filter(([next]) => names.has(next));
    return [name, { ...one, to: Object.fromEntries(to) }];
  }));
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

/** What a role declares, of its nodes or of the others; undefined if it declares nothing. */
export function standingsOf(
  roles: Readonly<Record<string, Pick<Role, 'standings' | 'others'>>>,
  role: string,
  part: 'standings' | 'others' = 'standings',
): Standings | undefined {
  return Object.hasOwn(roles, role) ? roles[role]![part] : undefined;
}
