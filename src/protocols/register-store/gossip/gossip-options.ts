/** The settings of gossip. */
import type { OptionsFault, Role } from '../../../protocol/types.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import type { Server } from '../data/state.ts';
import type { GossipOptions } from './gossip-state.ts';

export const gossipOptions: Pick<
  NonNullable<Role<Server>['options']>, keyof GossipOptions
> = {
  gossipInterval: {
    kind: 'duration', default: milliseconds(100), min: milliseconds(1), max: seconds(3_600),
    doc: 'gossip: how often a server exchanges what it has with one other, chosen at random.',
  },
  type: {
    kind: 'choice', default: 'register', choices: ['register', 'counter', 'set'],
    doc: 'gossip: what a key is: a register has `write` (with siblings only `get` and `put`), a ' +
      'counter has `increment` and `decrement`, and a set has `add` and `remove`.',
  },
  conflict: {
    kind: 'choice', default: 'last-writer-wins',
    choices: ['last-writer-wins', 'siblings', 'merge'],
    doc: 'gossip: what becomes of concurrent updates: the one with the later wall time wins; a ' +
      'register keeps both as siblings; a counter or a set merges both (a CRDT).',
  },
};

/** Siblings are of registers; merging without a conflict is what counters and sets can do. */
export function gossipFault(
  { type, conflict }: Readonly<Pick<GossipOptions, 'type' | 'conflict'>>,
): OptionsFault | undefined {
  const options = ['conflict', 'type'];
  if (conflict === 'siblings' && type !== 'register') {
    return { options, why: `\`conflict: siblings\` is for \`type: register\`, not for a ${type}` };
  }
  if (conflict === 'merge' && type === 'register') {
    const why = '`conflict: merge` is for `type: counter` and `type: set`: two values of a ' +
      'register cannot be merged';
    return { options, why };
  }
  return undefined;
}
