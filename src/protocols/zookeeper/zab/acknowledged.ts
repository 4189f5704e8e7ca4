/** What an acknowledgement promises: of a transaction, of an epoch, and the answer to a sync. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../../protocol/types.ts';
import { isServer, type ServerState } from '../server-state.ts';
import { zxidText } from '../wire.ts';
import { counterOf, epochOf } from './packets.ts';

type Server = Observed<ServerState>;

export function has({ log, snapshot }: Readonly<ServerState>, zxid: number): boolean {
  return zxid <= snapshot.zxid || log.some((one) => one.zxid === zxid);
}

interface Acknowledged {
  /** The last transaction, and the epoch, for which an ACK of each server has arrived. */
  zxid: Record<NodeId, number>;
  epoch: Record<NodeId, number>;
}

/**
 * A leader counts the servers that have a transaction on disk: one that forgets it in a crash could
 * elect a leader without it. What a server has logged since its last ACK it may lose.
 */
const acknowledgedIsOnDisk = invariant<Acknowledged>({
  doc: 'A server that acknowledged a transaction or an epoch has it, even after a crash (phase 3).',
  remember: () => ({ zxid: {}, epoch: {} }),
  check({ acted, nodes, message, memory }) {
    const type = message?.body.type;
    // From now on, it is the new leader that decides what is in its log.
    if (acted !== undefined && (type === 'DIFF' || type === 'TRUNC' || type === 'SNAP')) {
      delete memory.zxid[acted.id];
    }
    if (message !== undefined && type === 'ACK') {
      const sender = nodes.filter(isServer).find(({ id }) => id === message.from);
      const why = sender && noteAck(memory, sender, message.body.zxid);
      if (why !== undefined) return why;
    }
    if (!isServer(acted) || acted.up) return undefined;
    const { id, state } = acted;
    const { [id]: zxid = 0 } = memory.zxid;
    if (!has(state, zxid)) return `${id} acknowledged ${zxidText(zxid)}, and lost it in a crash.`;
    const { [id]: epoch = 0 } = memory.epoch;
    if (state.currentEpoch >= epoch) return undefined;
    return `${id} acknowledged epoch ${epoch}, and is in ${state.currentEpoch} after a crash.`;
  },
});

function noteAck(
  memory: Acknowledged,
  { id, up, state }: Server,
  zxid: number,
): string | undefined {
  if (counterOf(zxid) === 0) {
    const epoch = epochOf(zxid);
    memory.epoch[id] = Math.max(epoch, memory.epoch[id] ?? 0);
    if (state.currentEpoch >= epoch) return undefined;
    return `${id} acknowledged epoch ${epoch}, but is in ${state.currentEpoch}.`;
  }
  // A later leader may have deleted it while the ACK was on its way.
  if (has(state, zxid)) memory.zxid[id] = Math.max(zxid, memory.zxid[id] ?? 0);
  else if (!up) return `${id} acknowledged ${zxidText(zxid)}, and lost it in a crash.`;
  return undefined;
}

const noEarlierLeader = invariant({
  doc: 'A server follows no leader of an epoch before the one that it has accepted (phase 1).',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { id, state: { following, acceptedEpoch } } = acted;
    if (following === null || following.phase === 'connecting') return undefined;
    if (following.epoch >= acceptedEpoch) return undefined;
    const { leader, epoch } = following;
    return `${id} follows ${leader} in epoch ${epoch}, but accepted ${acceptedEpoch}.`;
  },
});

/** Session and number of the request → the epoch, and what was proposed when the leader got it. */
type Syncs = Record<string, { epoch: number; zxid: number }>;

/** Programmer's Guide, "sync": the server of the client has caught up with what was before it. */
const syncCatchesUp = invariant<Syncs>({
  doc: 'A sync returns when its server has all that was proposed before the leader received it.',
  remember: () => ({}),
  check({ acted, message, memory }) {
    const body = message?.body;
    if (!isServer(acted) || body === undefined) return undefined;
    const { id, state: { leading, following, zxid } } = acted;
    if (body.type === 'REQUEST' && body.request.command.op === 'sync' && leading !== null) {
      const { session, xid } = body.request;
      memory[`${session} ${xid}`] = { epoch: leading.epoch, zxid: lastProposed(acted.state) };
    }
    if (body.type !== 'SYNC') return undefined;
    const name = `${body.session} ${body.xid}`;
    const due = memory[name];
    delete memory[name];
    if (due === undefined || following?.epoch !== due.epoch || zxid >= due.zxid) return undefined;
    return `The sync of ${body.session} returned to ${id} at ${zxidText(zxid)}, but ` +
      `${zxidText(due.zxid)} was proposed before it.`;
  },
});

/** NEWLEADER has the first number of an epoch, and is not a transaction. */
function lastProposed({ leading, log, snapshot }: Readonly<ServerState>): number {
  const zxids = [leading?.lastProposed ?? 0, log.at(-1)?.zxid ?? 0, snapshot.zxid];
  return Math.max(0, ...zxids.filter((zxid) => counterOf(zxid) > 0));
}

export const acknowledgementInvariants: Record<string, Invariant> = {
  'what is acknowledged is on disk': acknowledgedIsOnDisk,
  'no earlier leader is followed': noEarlierLeader,
  'a sync catches up': syncCatchesUp,
};
