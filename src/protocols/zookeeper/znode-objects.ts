/** Znodes as sequential objects: their writes, and with them the reads of a single server. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

interface Znode {
  readonly [field: string]: Json;
  readonly data: string;
  readonly version: number;
  /** Its session may end at any time, and deletes it. */
  readonly isEphemeral: boolean;
}

const keyOf = ({ args }: HistoryOperation): string => {
  // A sequential znode has a name of its own.
  return String(args.kind ?? '').includes('sequential') ? '' : String(args.path);
};

function step(znode: Znode | null, operation: HistoryOperation): Znode | null | undefined {
  const { name, args, outcome, result } = operation;
  const isKnown = outcome === 'ok';
  switch (name) {
    case 'create': {
      const kind = String(args.kind ?? 'persistent');
      if (kind.includes('sequential')) return znode;
      if (znode !== null && !znode.isEphemeral) return isKnown ? undefined : znode;
      const data = String(args.data ?? '');
      return { data, version: 0, isEphemeral: kind.includes('ephemeral') };
    }
    case 'delete':
      return canWrite(znode, args.version) ? null : isKnown ? undefined : znode;
    case 'set': {
      if (!canWrite(znode, args.version)) return isKnown ? undefined : znode;
      const version = znode!.version + 1;
      if (isKnown && result !== version) return undefined;
      return { ...znode!, data: String(args.data), version };
    }
    case 'exists':
      if (znode?.isEphemeral) return znode;
      return !isKnown || result === (znode !== null) ? znode : undefined;
    default:
      return !isKnown || (znode !== null && result === znode.data) ? znode : undefined;
  }
}

function canWrite(znode: Znode | null, version: Json | undefined): boolean {
  const wanted = version ?? -1;
  return znode !== null && (wanted === -1 || wanted === znode.version);
}

const shared = { excludes: ['multi'], key: keyOf, init: () => null, step };

/**
 * Writes are linearizable. A server answers reads from its own copy, which may be late: with reads,
 * a history is sequential, and not always linearizable (ZAB; ZooKeeper 2010, §2.3).
 */
export const znodeSpecifications: Readonly<Record<string, Specification<Znode | null>>> = {
  writes: {
    doc: 'Znodes that are created, set if they have a version, and deleted: linearizable.',
    operations: ['create', 'set', 'delete'],
    ...shared,
  },
  znodes: {
    doc: 'The same with get and exists, which may be stale: sequential, not linearizable.',
    operations: ['create', 'set', 'delete', 'get', 'exists'],
    ...shared,
  },
};

const refused = new Set([
  'NODEEXISTS', 'NONODE', 'BADVERSION', 'NOTEMPTY', 'NOCHILDRENFOREPHEMERALS', 'NOAUTH',
]);

/** An error that the server answers to a request that it looked at and did not execute. */
export function isRefusedWrite(reason: string): boolean {
  return refused.has(/^\w+/.exec(reason)?.[0] ?? '');
}
