/** The ends of leases that a timer ends, as times on the clock of their node. */
import type { LeaseLook, TimedLease } from '../../protocol/look.ts';
import type { Look, Micros } from '../../protocol/types.ts';

interface Timers {
  readonly timers: readonly {
    readonly isSet: boolean;
    readonly name: string;
    readonly key: string;
    readonly at: Micros;
  }[];
  clockAt(time: Micros): Micros;
}

/** The same look, of which every lease has its end. A lease without its timer is left out. */
export function withEnds(look: Look, node: Timers): Look {
  if (look.lease === undefined) return look;
  const leases = [look.lease].flat() as LeaseLook[];
  if (leases.every((lease) => 'until' in lease)) return look;
  return { ...look, lease: leases.flatMap((lease) => ended(lease, node)) };
}

function ended(lease: LeaseLook, node: Timers): TimedLease[] {
  if ('until' in lease) return [lease];
  const { timer, key = '', ...named } = lease;
  const set = node.timers.find((one) => one.isSet && one.name === timer && one.key === key);
  return set === undefined ? [] : [{ ...named, until: Math.round(node.clockAt(set.at)) }];
}

/** The leases of a look as it is read of a moment: each has its end. */
export function leasesOf({ lease }: Look): readonly TimedLease[] {
  return ([lease ?? []].flat() as LeaseLook[]).filter((one) => 'until' in one);
}
