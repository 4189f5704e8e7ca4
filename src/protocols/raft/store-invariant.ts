/** The key-value store of a Raft server, and its answers, are what the applied commands make. */
import { invariant } from '../../protocol/define.ts';
import type { ObservedAnswer } from '../../protocol/history.ts';
import type {
  Frozen, Invariant, Json, Node, NodeId, Observed, ObservedMessage,
} from '../../protocol/types.ts';
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

interface Answered {
  store: KeyValueStore;
  /** How many entries were applied to the store. */
  applied: number;
  responses: Responses;
}

/** A read is a command, too: what a leader answers from its store alone may be out of date. */
const answersFollowLog = invariant<Answered>({
  doc: 'A client is answered what its command gave when it was applied, in log order (§8).',
  remember: () => ({ store: keyValueStore.init(), applied: 0, responses: {} }),
  check({ acted, answers, message, memory }) {
    if (!isServer(acted)) return whyWrongAnswer(memory.responses, answers, message);
    const { lastApplied, log } = acted.state;
    while (memory.applied < lastApplied) {
      const entry = log[memory.applied];
      if (entry === undefined) return undefined;
      memory.applied++;
      noteResponse(memory.responses, entry, apply(memory.store, entry as Entry));
    }
    return undefined;
  },
});

/** Compares only the keys that the newly applied commands name. */
const storeFollowsLog = invariant<Replayed>({
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

function apply(store: KeyValueStore, entry: Entry): Json {
  // The machine reads and changes only these fields of a server.
  return keyValueStore.apply({ state: store } as Node<KeyValueReplica>, entry as never);
}

function replay(store: KeyValueStore, entry: Entry): Effect | null {
  apply(store, entry);
  const { op, key } = entry.command as { op: string; key?: string };
  if (key === undefined || op === 'get') return null;
  return Object.freeze({ key, value: valueOf(store.kv, key) });
}

function valueOf(kv: Readonly<Record<string, Value>>, key: string): Value | null {
  return Object.hasOwn(kv, key) ? kv[key] : null;
}


/** Client and serial number → the response to its command; without those the client has. */
export type Responses = Record<NodeId, Record<number, Json>>;

interface Command {
  readonly clientId: NodeId | null;
  readonly serial: number;
  readonly oldestPending: number;
}

/** Called when a command is executed for the first time, and again for later copies of it. */
export function noteResponse(of: Responses, command: Frozen<Command>, response: Json): void {
  const { clientId, serial, oldestPending } = command;
  if (clientId === null) return;
  const known = (of[clientId] ??= {});
  for (const old of Object.keys(known)) if (Number(old) < oldestPending) delete known[Number(old)];
  if (!Object.hasOwn(known, serial)) known[serial] = response;
}

/** Why an answer to an operation of the store is not the one that its command had. */
export function whyWrongAnswer(
  of: Responses,
  answers: readonly ObservedAnswer[],
  message: ObservedMessage | undefined,
): string | undefined {
  if (message?.body.type !== 'ClientResponse') return undefined;
  const { serial } = message.body as unknown as Command;
  for (const { node, ok, name, result } of answers) {
    if (!ok || name === 'addServer' || name === 'removeServer') continue;
    const given = JSON.stringify(result);
    const known = of[node]?.[serial];
    const what = `${node} was answered ${name} with ${given}, but`;
    if (known === undefined) return `${what} no server has executed that.`;
    const right = JSON.stringify(known);
    if (right !== given) return `${what} its command gave ${right}.`;
  }
  return undefined;
}

export const storeInvariants: Record<string, Invariant> = {
  'Store Follows The Log': storeFollowsLog,
  'Answers Follow The Log': answersFollowLog,
};
