/** The order of writes of one register: by counter, then by the server that issued it. */
// Lamport (1978): "any arbitrary total ordering of the processes" breaks ties. Attiya, Bar-Noy and
// Dolev have one writer and need only the counter; Lynch and Shvartsman (1997) add the writer.
import type { Frozen, NodeId } from '../../../protocol/types.ts';

export interface Version {
  readonly counter: number;
  readonly node: NodeId;
}

/** Below the version of every write. */
export const unwritten: Version = Object.freeze({ counter: 0, node: '' });

/** Negative if the first is older. */
export function compareVersions(one: Version, other: Version): number {
  if (one.counter !== other.counter) return one.counter - other.counter;
  return one.node === other.node ? 0 : one.node < other.node ? -1 : 1;
}

interface Versioned {
  readonly version: Version;
}

export function versionOf(register: Frozen<Versioned> | null | undefined): Version {
  return register?.version ?? unwritten;
}

/** The one with the newest version; null if none was ever written. */
export function newest<R extends Versioned>(
  registers: readonly (R | null | undefined)[],
): R | null {
  let found: R | null = null;
  for (const one of registers) {
    if (one === null || one === undefined) continue;
    if (compareVersions(one.version, versionOf(found)) > 0) found = one;
  }
  return found;
}

export function versionText({ counter, node }: Version): string {
  return counter === 0 ? 'unwritten' : `${counter}.${node}`;
}
