/** The key-value store of a Raft server is what the applied commands make of it. */
import { invariant } from '../../protocol/define.ts';
import type { Node, NodeId, Observed } from '../../protocol/types.ts';
import {
  type KeyValueCommand, type KeyValueReplica, type KeyValueStore, keyValueStore, type Value,
} from './key-value-store.ts';
import {
  type Entry, type Ledger, ledger, record, recorded, recordedCount,
} from './observed-log.ts';
import type { ReplicaState } from './state.ts';

type State = ReplicaState<KeyValueCommand> & KeyValueStore;

/** The value of a key after a command; null if the command removed the key. */
interface Effect {
  readonly key: string;
  readonly value: Value | null;
}

interface Replayed {
  /** A store to which each entry was applied once, when the first server applied it. */
  store: KeyValueStore;
  /** What each index changed there; null for nothing. */
  effects: Ledger<Effect | null>;
  /** The lastApplied of each server when it was last checked. */
  seen: Record<NodeId, number>;
}

/** Compares only the keys that the newly applied commands name. */
export const storeFollowsLog = invariant<Replayed>({
  doc: 'The store of a server is what the commands up to its lastApplied make of it (§2, §5.3).',
  remember: () => ({ store: keyValueStore.init(), effects: ledger(), seen: {} }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { lastApplied, log, kv } = acted.state;
    const before = memory.seen[acted.id] ?? 0;
    if (lastApplied === before) return undefined;
    memory.seen[acted.id] = lastApplied;
    for (let index = recordedCount(memory.effects) + 1; index <= lastApplied; index++) {
      const entry = log[index - 1];
      if (entry === undefined) return undefined;
      record(memory.effects, replay(memory.store, entry as Entry));
    }
    const compared = new Set<string>();
    for (let index = lastApplied; index > before; index--) {
      const effect = recorded(memory.effects, index) ?? null;
      if (effect === null || compared.has(effect.key)) continue;
      compared.add(effect.key);
      const value = valueOf(kv, effect.key);
      if (value === effect.value) continue;
      const [found, made] = [value, effect.value].map((one) => JSON.stringify(one));
      return `${acted.id} has ${effect.key}=${found}, but entry ${index} made it ${made}.`;
    }
    return undefined;
  },
});

function isServer(node: Observed | undefined): node is Observed<State> {
  return node !== undefined && node.role === 'replica';
}

function replay(store: KeyValueStore, entry: Entry): Effect | null {
  // The machine reads and changes only these fields of a server.
  keyValueStore.apply({ state: store } as Node<KeyValueReplica>, entry as never);
  const { op, key } = entry.command as { op: string; key?: string };
  if (key === undefined || op === 'get') return null;
  return Object.freeze({ key, value: valueOf(store.kv, key) });
}

function valueOf(kv: Readonly<Record<string, Value>>, key: string): Value | null {
  return Object.hasOwn(kv, key) ? kv[key] : null;
}

