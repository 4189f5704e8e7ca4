/** The transactional consistency models, by what they forbid. */
import type { ModelName } from '../../scenario/history/models.ts';
import type { ReadAnomaly } from './anomaly.ts';
import type { ClientOrder, Shape } from './dependencies.ts';
import { edgeBits } from './graph/graph.ts';

export interface TransactionModel {
  readonly name: ModelName;
  /** One sentence: what it guarantees. */
  readonly doc: string;
  readonly source: string;
  /** A graph of this shape must have no cycle of these types of edges and the order of clients. */
  readonly shape: Shape;
  readonly types: number;
  readonly order: ClientOrder;
  readonly reads: ReadonlySet<ReadAnomaly['name']>;
}

const { ww, wr, rw } = edgeBits;

/** No order of versions explains these, under any model. */
const impossible = ['duplicate element', 'unwritten read'] as const;
const dirty = [...impossible, 'G1a', 'G1b', 'future read', 'incompatible order'] as const;
const every = new Set([...dirty, 'internal'] as const);

/** Weakest last, as a history that satisfies one satisfies most of those below it. */
export const transactionModels: readonly TransactionModel[] = [
  {
    name: 'strict-serializable',
    doc: 'Transactions take effect one by one, each between its invocation and its response.',
    source: 'Herlihy and Wing 1990, section 3.3; PL-SS in Adya 1999',
    shape: 'atomic',
    types: ww | wr | rw,
    order: 'realtime',
    reads: every,
  },
  {
    name: 'strong-session-serializable',
    doc: 'Transactions take effect one after the other, those of one client in its order.',
    source: 'Daudjee and Salem 2004',
    shape: 'atomic',
    types: ww | wr | rw,
    order: 'process',
    reads: every,
  },
  {
    name: 'serializable',
    doc: 'Transactions take effect one after the other, in some order.',
    source: 'Papadimitriou 1979; PL-3 in Adya 1999',
    shape: 'atomic',
    types: ww | wr | rw,
    order: undefined,
    reads: every,
  },
  {
    name: 'repeatable-read',
    doc: 'No cycle of dependencies between reads and writes of items; these have no predicates.',
    source: 'PL-2.99 in Adya 1999',
    shape: 'atomic',
    types: ww | wr | rw,
    order: undefined,
    reads: every,
  },
  {
    name: 'strong-snapshot-isolation',
    doc: 'Snapshot isolation, and each snapshot has all that was answered before.',
    source: 'Daudjee and Salem 2006',
    shape: 'snapshot',
    types: ww | wr | rw,
    order: 'realtime',
    reads: every,
  },
  {
    name: 'strong-session-snapshot-isolation',
    doc: 'Snapshot isolation, and each snapshot has all that the same client did before.',
    source: 'Daudjee and Salem 2006; Cerone and Gotsman 2016',
    shape: 'snapshot',
    types: ww | wr | rw,
    order: 'process',
    reads: every,
  },
  {
    name: 'snapshot-isolation',
    doc: 'Transactions read from a snapshot, and of two at once that write a key, one commits.',
    source: 'Berenson et al. 1995; with snapshots of any age, Elnikety, Pedone and Zwaenepoel 2004',
    shape: 'snapshot',
    types: ww | wr | rw,
    order: undefined,
    reads: every,
  },
  {
    name: 'read-committed',
    doc: 'Transactions read only what committed transactions wrote last, and no cycle of them.',
    source: 'PL-2 in Adya 1999',
    shape: 'atomic',
    types: ww | wr,
    order: undefined,
    reads: new Set(dirty),
  },
  {
    name: 'read-uncommitted',
    doc: 'Writes of transactions to several keys have one order.',
    source: 'PL-1 in Adya 1999',
    shape: 'atomic',
    types: ww,
    order: undefined,
    reads: new Set(impossible),
  },
];
