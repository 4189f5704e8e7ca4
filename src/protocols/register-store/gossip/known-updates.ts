/** The updates of a run, and what each copy should show if it includes them: no merge is used. */
import type { Frozen, Json, Micros, NodeId, Observation } from '../../../protocol/types.ts';
import { compareDots, type Dot, hasDot } from '../data/dots.ts';
import type { Versions } from '../data/sessions.ts';
import type { Roles } from '../invariants/roles.ts';
import type { Cell, Update } from './cells.ts';

/** An update, and what the server that took it had included before. */
export interface KnownUpdate extends Dot {
  readonly does: Frozen<Update>;
  readonly seen: Versions;
  readonly time: Micros;
}

export interface KnownUpdates {
  /** Key → all updates of it. */
  updates: Record<string, KnownUpdate[]>;
  /** Server → key → the vector of its copy. */
  vectors: Record<NodeId, Record<string, Versions>>;
}

export const noUpdates = (): KnownUpdates => ({ updates: {}, vectors: {} });

type Step = Pick<Observation<KnownUpdates, Roles>, 'acted' | 'events'>;

/** Takes in one step. Returns the keys whose copies changed at the server that acted. */
export function noteUpdates({ acted, events }: Step, memory: KnownUpdates): string[] {
  if (acted?.role !== 'server') return [];
  const { updates, vectors } = memory;
  const own = (vectors[acted.id] ??= {});
  for (const event of events) {
    if (event.name !== 'Updated') continue;
    const { key, by, number, does, time } = event.fields;
    (updates[key] ??= []).push({ by, number, does, seen: own[key] ?? {}, time });
  }
  const changed: string[] = [];
  const { cells } = acted.state;
  for (const key in cells) {
    if (own[key] === cells[key].vector) continue;
    own[key] = cells[key].vector;
    changed.push(key);
  }
  return changed;
}

/** The updates that a copy includes. */
export function includedIn(
  key: string, { vector }: Cell, { updates }: KnownUpdates,
): KnownUpdate[] {
  return (updates[key] ?? []).filter((one) => hasDot(vector, one));
}

/** The writes that no other write among these replaced: its session had not read them. */
export function unreplaced(included: readonly KnownUpdate[]): KnownUpdate[] {
  return included.filter(({ by, number, does }) =>
    does.type === 'write' && !included.some((other) =>
      other.does.type === 'write' && hasDot(other.does.context, { by, number }),
    ),
  );
}

/** The values that were added, without those that a remove among these had observed. */
export function unremoved(included: readonly KnownUpdate[]): KnownUpdate[] {
  return included.filter((add) =>
    add.does.type === 'add' && !included.some(({ does, seen }) =>
      does.type === 'remove' && valueOf(does) === valueOf(add.does) && hasDot(seen, add),
    ),
  );
}

export function sumOf(included: readonly KnownUpdate[]): number {
  return included.reduce((sum, { does }) => {
    return does.type === 'increment' ? sum + does.amount : sum;
  }, 0);
}

/** The write that is last by the clocks of the servers that took them. */
export function lastOf(included: readonly KnownUpdate[]): KnownUpdate | undefined {
  return included.toSorted((a, b) => a.time - b.time || compareDots(a, b)).at(-1);
}

export function valueOf(does: Frozen<Update>): Json {
  return does.type === 'increment' ? does.amount : does.value;
}
