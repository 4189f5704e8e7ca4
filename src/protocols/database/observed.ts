/** The server as invariants see it. */
import type { Observed } from '../../protocol/types.ts';
import { type DatabaseState, frozen } from './state.ts';

type Server = Observed<DatabaseState>;
export type State = Readonly<DatabaseState>;
export type Status = DatabaseState['transactions'][string];

export function isServer(node: Observed | undefined): node is Server {
  return node?.role === 'database';
}

export function statusOf({ transactions }: State, xid: number): Status {
  return xid <= frozen ? 'committed' : (transactions[xid] ?? 'aborted');
}
