/** How a server that gossips is shown: the value or the siblings of each key, and its vector. */
import type { Json, Look } from '../../../protocol/types.ts';
import { vectorText } from '../data/dots.ts';
import type { ServerState } from '../data/state.ts';
import { shownCell } from './cells.ts';

export function gossipLook({ cells }: Readonly<ServerState>): Look {
  const value: Record<string, Json> = {};
  const facts: Record<string, Json> = {};
  for (const key in cells) {
    value[key] = shownCell(cells[key]);
    facts[`updates of ${key}`] = vectorText(cells[key].vector);
  }
  return { value, facts };
}
