/** A connection to the database, as a client and an edge have it: statements and their answers. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { NodeId } from '../../protocol/types.ts';
import type { Answers } from '../database/state.ts';
import { linkTo } from '../shared/links.ts';
import type { Key } from './messages.ts';

export interface Origin {
  /** Numbers requests and statements. It survives a crash: late answers must not look new. */
  serial: number;
}

export const noOrigin: Origin = { serial: 0 };

interface OriginNode {
  nodes(role: string): readonly NodeId[];
  connect(peer: NodeId): ConnectionId;
  connections(peer?: NodeId): readonly ConnectionId[];
  send(to: ConnectionId, message: { type: 'Query'; sql: string; serial: number }): void;
}

/** The row of a key: `k3` is item 3. */
function rowOf(key: Key): number {
  return Number(key.slice(1));
}

export function isKey(key: string): boolean {
  return /^k[1-9]\d{0,3}$/.test(key);
}

export function select(node: OriginNode, key: Key, serial: number): void {
  query(node, `SELECT qty FROM items WHERE id = ${rowOf(key)}`, serial);
}

export function update(node: OriginNode, key: Key, value: number, serial: number): void {
  query(node, `UPDATE items SET qty = ${value} WHERE id = ${rowOf(key)}`, serial);
}

function query(node: OriginNode, sql: string, serial: number): void {
  node.send(linkTo(node, node.nodes('database')[0]), { type: 'Query', sql, serial });
}

/** The value in the answer to `select`; undefined if there is no such row. */
export function valueOf({ result }: Answers['Result']): number | undefined {
  const [row] = result.type === 'rows' ? result.rows : [];
  return row === undefined ? undefined : Number(row[0]);
}
