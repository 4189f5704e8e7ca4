/** What the servers of an ensemble send each other: notifications of votes, and quorum packets. */
// The names are those of QuorumPacket's types in Leader.java; the paper's are in brackets.
import type { Micros, NodeId } from '../../../protocol/types.ts';
import type { NodeTxn, Znode } from '../tree.ts';
import { type Command, commandText, type ErrorCode, type Written, zxidText } from '../wire.ts';

/** As `QuorumPeer.ServerState`. */
export type PeerState = 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING';

/** What a server proposes as leader, in which round of elections. */
export interface Vote {
  readonly leader: NodeId;
  /** The last transaction of that server, and the epoch that it is in. */
  readonly zxid: number;
  readonly peerEpoch: number;
  readonly electionEpoch: number;
}

/** A vote as `VoteChanged` has it. */
export interface ChangedVote {
  /** Empty for an observer, which has no vote of its own. */
  readonly leader: NodeId;
  readonly zxid: number;
  readonly epoch: number;
}

/** A request that the leader orders: of a client, or of the server that opens its session. */
export interface Request {
  readonly session: string;
  readonly xid: number;
  readonly command: Command | { op: 'create-session'; client: NodeId; timeout: Micros };
}

export type Txn =
  | NodeTxn
  | { readonly op: 'multi'; readonly parts: readonly NodeTxn[] }
  | { readonly op: 'create-session'; readonly client: NodeId; readonly timeout: Micros }
  | { readonly op: 'close-session'; readonly paths: readonly string[] }
  /** A request that failed has a transaction, too; `results` are those of a multi. */
  | { readonly op: 'error'; readonly error: ErrorCode; readonly results?: readonly Written[] };

/** A transaction, as it is proposed and logged. */
export interface Transaction {
  /** The epoch in the upper 32 bits, a counter in the lower. */
  readonly zxid: number;
  /** The session and the number of the request that asked for it. */
  readonly session: string;
  readonly xid: number;
  readonly txn: Txn;
}

export interface Session {
  readonly client: NodeId;
  /** The timeout that was negotiated when it was created. */
  readonly timeout: Micros;
}

/** The tree and the sessions after a transaction. */
export interface Snapshot {
  readonly zxid: number;
  readonly znodes: Record<string, Znode>;
  readonly containers: Record<string, Znode>;
  readonly sessions: Record<string, Session>;
}

export interface PeerMessages {
  /** Of the smaller server, which asks the greater one to open the connection (CnxManager). */
  InitialMessage: object;
  NOTIFICATION: { vote: Vote; state: PeerState };
  /** Discovery: [CEPOCH], [NEWEPOCH], [ACKE]. */
  FOLLOWERINFO: { acceptedEpoch: number };
  OBSERVERINFO: { acceptedEpoch: number };
  LEADERINFO: { epoch: number };
  /** A current epoch of −1 does not count as an acknowledgement: it was acknowledged before. */
  ACKEPOCH: { currentEpoch: number; zxid: number };
  /** Synchronization: from where on the learner's log is continued; [NEWLEADER], [COMMIT-LD]. */
  DIFF: { zxid: number };
  TRUNC: { zxid: number };
  SNAP: { snapshot: Snapshot };
  NEWLEADER: { zxid: number };
  UPTODATE: object;
  /** Broadcast: [PROPOSE], [ACK], [COMMIT]; observers receive both in one. */
  PROPOSAL: { transaction: Transaction };
  ACK: { zxid: number };
  COMMIT: { zxid: number };
  INFORM: { transaction: Transaction };
  /** The answer names the sessions whose clients a learner has heard since the last one. */
  PING: { touched: Record<string, Micros> };
  REQUEST: { request: Request };
  SYNC: { session: string; xid: number };
  /** Null asks whether a session still exists. */
  REVALIDATE: { session: string; timeout: Micros; isValid: boolean | null };
}

// Zxids

const epochUnit = 2 ** 32;

export function makeZxid(epoch: number, counter: number): number {
  return epoch * epochUnit + counter;
}

export function epochOf(zxid: number): number {
  return Math.floor(zxid / epochUnit);
}

export function counterOf(zxid: number): number {
  return zxid % epochUnit;
}

// Words for the messages in traces and panels

export function txnText(txn: Txn): string {
  switch (txn.op) {
    case 'create':
    case 'delete':
    case 'set':
      return `${txn.op} ${txn.path}`;
    case 'check':
      return 'check';
    case 'multi':
      return `multi ${txn.parts.map(txnText).join('; ')}`;
    case 'create-session':
      return `create session of ${txn.client}`;
    case 'close-session':
      return txn.paths.length === 0 ? 'close session' : `close session, ${txn.paths.join(', ')}`;
    case 'error':
      return txn.error;
  }
}

/** Of a transaction that there may not be. */
export function zxidOf(transaction: Transaction | undefined): string {
  return transaction === undefined ? 'none' : zxidText(transaction.zxid);
}

function transactionText({ zxid, txn }: Transaction): string {
  return `${zxidText(zxid)}: ${txnText(txn)}`;
}

export function voteText({ leader, zxid, peerEpoch, electionEpoch }: Vote): string {
  const proposed = leader === '' ? 'no vote' : leader;
  const of = `zxid ${zxidText(Math.max(0, zxid))}, epoch ${peerEpoch}`;
  return `${proposed}, ${of}, round ${electionEpoch}`;
}

/** `zk3 (zxid 0x100000002, epoch 1)` */
function changedText({ leader, zxid, epoch }: ChangedVote): string {
  return leader === '' ? 'no vote' : `${leader} (zxid ${zxidText(zxid)}, epoch ${epoch})`;
}

const zxidOnly = ({ zxid }: { zxid: number }): string => zxidText(zxid);

export const peerSummaries = {
  NOTIFICATION: ({ vote, state }: PeerMessages['NOTIFICATION']): string =>
    `${state}: ${voteText(vote)}`,
  FOLLOWERINFO: ({ acceptedEpoch }: PeerMessages['FOLLOWERINFO']): string =>
    `accepted epoch ${acceptedEpoch}`,
  OBSERVERINFO: ({ acceptedEpoch }: PeerMessages['OBSERVERINFO']): string =>
    `accepted epoch ${acceptedEpoch}`,
  LEADERINFO: ({ epoch }: PeerMessages['LEADERINFO']): string => `epoch ${epoch}`,
  ACKEPOCH: ({ currentEpoch, zxid }: PeerMessages['ACKEPOCH']): string =>
    `current epoch ${currentEpoch}, zxid ${zxidText(zxid)}`,
  DIFF: zxidOnly,
  TRUNC: zxidOnly,
  SNAP: ({ snapshot }: PeerMessages['SNAP']): string => zxidText(snapshot.zxid),
  NEWLEADER: zxidOnly,
  PROPOSAL: ({ transaction }: PeerMessages['PROPOSAL']): string => transactionText(transaction),
  ACK: zxidOnly,
  COMMIT: zxidOnly,
  INFORM: ({ transaction }: PeerMessages['INFORM']): string => transactionText(transaction),
  REQUEST: ({ request: { session, xid, command } }: PeerMessages['REQUEST']): string =>
    command.op === 'create-session'
      ? `create session ${session} of ${command.client}`
      : `${session} ${xid}: ${commandText(command)}`,
  SYNC: ({ session, xid }: PeerMessages['SYNC']): string => `${session} ${xid}`,
  REVALIDATE: ({ session, isValid }: PeerMessages['REVALIDATE']): string =>
    isValid === null ? `${session}?` : `${session} ${isValid ? 'goes on' : 'is over'}`,
};

export const peerEventSummaries = {
  VoteChanged: ({ from, ...to }: ChangedVote & { from: ChangedVote }): string =>
    `from ${changedText(from)} to ${changedText(to)}`,
  LearnerSynchronized: (fields: { learner: NodeId; by: string; zxid: number }): string =>
    `${fields.learner} by ${fields.by} ${zxidText(fields.zxid)}`,
  LogTruncated: (fields: { zxid: number; removed: number }): string =>
    `after ${zxidText(fields.zxid)}, ${fields.removed} removed`,
  TransactionCommitted: zxidOnly,
  ClientRefused: (fields: { client: NodeId; seen: number; zxid: number }): string =>
    `${fields.client} has seen ${zxidText(fields.seen)}, this server ${zxidText(fields.zxid)}`,
};
