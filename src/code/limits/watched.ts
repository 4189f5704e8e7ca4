/** Observations that note what code reads of them: a search need not call it again for the rest. */
import type { Observation } from '../../protocol/types.ts';
import type { Nodes } from './node-views.ts';

/** The key to which such an observation returns its nodes themselves, of which nothing is noted. */
export const watchedNodes = Symbol('the nodes of a watched observation');

/** The nodes behind a watched observation; undefined for any other one. */
export function nodesBehind(observation: Observation<unknown>): Nodes | undefined {
  return (observation as { [watchedNodes]?: Nodes })[watchedNodes];
}
