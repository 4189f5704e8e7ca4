/** The settings of causal replication. */
import type { Role } from '../../../protocol/types.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import type { Server } from '../data/state.ts';
import type { CausalOptions } from './causal-state.ts';

export const causalOptions: Pick<
  NonNullable<Role<Server>['options']>, keyof CausalOptions
> = {
  waitForDependencies: {
    kind: 'boolean', default: true,
    doc: 'causal: whether a write waits at each server until its dependencies are applied ' +
      'there.',
  },
  convergent: {
    kind: 'boolean', default: true,
    doc: 'causal: whether all servers keep the same one of concurrent writes, by Lamport time ' +
      'and name (causal+); if not, each keeps the one that it applies last (causal memory).',
  },
  syncInterval: {
    kind: 'duration', default: seconds(1), min: milliseconds(1), max: seconds(3_600),
    doc: 'causal: how often a server compares its vector with one other server, to find lost ' +
      'writes.',
  },
};
