// A simulated etcd cluster under a transcript: its members, its clients, and the paths to them.
import { Effects, type Reply } from '../../../src/kernel/effects.ts';
import type { Action } from '../../../src/kernel/action.ts';
import type { Message, Pending } from '../../../src/kernel/pending.ts';
import { start, step } from '../../../src/kernel/step.ts';
import type { World } from '../../../src/kernel/world.ts';
import type { Json } from '../../../src/protocol/types.ts';
import type { WatchEvent } from '../../../src/protocols/etcd/api.ts';
import { etcdLock } from '../../../src/protocols/etcd/etcd-lock.ts';
import type { EtcdState } from '../../../src/protocols/etcd/state.ts';

/** `n1` is made the leader before the steps begin. */
export const members: Readonly<Record<string, string>> = { L: 'n1', F1: 'n2', F2: 'n3' };

/** How long the leader had led when the recorder began its steps, in its rhythm of half seconds. */
const settled = 2_730_000;

const milliseconds = 1_000;

/** What a watch gave: changes, or the revision before which they are compacted. */
export type Given = { readonly event: WatchEvent } | { readonly compacted: number };

interface Path {
  /** Messages in these directions wait in the client's proxy. */
  stalled: { toServer: boolean; toClient: boolean };
  /** The next message in this direction is lost, and the connection with it. */
  armed: 'request' | 'reply' | null;
  held: Message[];
}

export class EtcdCluster {
  readonly world: World;
  private readonly effects = new Effects();
  private readonly paths = new Map<string, Path>();
  /** Directions between members in which no message of Raft passes: `n1 n2`. */
  private readonly cut = new Set<string>();
  private readonly answers = new Map<string, Reply>();
  private readonly given = new Map<string, Given[]>();
  private readonly seen = new Set<Message>();
  readonly firstTerm: number;

  constructor(clients: readonly string[], preVote: boolean, seed: number) {
    const options = { preVote };
    this.world = start(
      {
        protocol: etcdLock,
        seed,
        nodes: [
          ...Object.values(members).map((id) => ({ id, role: 'replica', options })),
          ...[...clients, 'recorder'].map((id) => ({ id, role: 'client' })),
        ],
        network: { latency: [100, 400], loss: 0, duplicate: 0, reorder: false },
      },
      [],
      this.effects,
    );
    this.do({ type: 'fire', at: 0, node: 'n1', timer: 'election', key: '' });
    const ready = () => Object.values(members).every((id) => this.member(id).leaderId === 'n1');
    this.until(ready, 1_000);
    this.sleep(settled / milliseconds);
    this.firstTerm = this.termOf('n1');
  }

  member(id: string): EtcdState {
    return this.world.node(id)!.state as unknown as EtcdState;
  }

  isUp(id: string): boolean {
    const { up, paused } = this.world.node(id)!;
    return up && !paused;
  }

  /** The term of the last applied entry, as a member's status gives it. */
  termOf(id: string): number {
    const { log, lastApplied } = this.member(id);
    return lastApplied === 0 ? 0 : log[lastApplied - 1].term;
  }

  get ms(): number {
    return this.world.time / milliseconds;
  }

  do(action: Action): void {
    const now = { ...action, at: Math.max(action.at, this.world.time) };
    if (!step(this.world, now, this.effects)) throw new Error(`not possible: ${action.type}`);
    this.observe(action.type);
  }

  /** Starts an operation of a client, and returns its name. */
  invoke(node: string, operation: string, args: Record<string, Json>): string {
    const action: Action = { type: 'invoke', at: this.world.time, node, operation, args };
    if (!step(this.world, action, this.effects)) throw new Error(`not possible: ${operation}`);
    const invoked = this.effects.invoked!.operation;
    this.observe('invoke');
    return invoked;
  }

  answer(operation: string): Reply | undefined {
    return this.answers.get(operation);
  }

  sleep(ms: number): void {
    const end = this.world.time + ms * milliseconds;
    this.until(() => false, ms);
    this.world.time = end;
  }

  /** Runs until a condition holds; returns whether it did within that time. */
  until(holds: () => boolean, withinMs: number): boolean {
    const end = this.world.time + withinMs * milliseconds;
    while (!holds()) {
      const next = this.world.next();
      if (next === undefined || next.at > end) return false;
      this.take(next);
    }
    return true;
  }

  private take(next: Pending): void {
    if (!step(this.world, next, this.effects)) throw new Error(`not possible: ${next.type}`);
    this.observe(next.type);
  }

  /** Notes what happened, and lets the proxies act on the messages that were sent. */
  private observe(took: string): void {
    const { failure, replies, message, lost, sent } = this.effects;
    if (failure !== null) throw new Error(failure.stack);
    for (const reply of replies) this.answers.set(reply.operation, reply);
    const isDelivered = took === 'deliver' && message !== null && !lost;
    if (isDelivered && message.body.type === 'WatchEvents') this.note(message);
    for (const one of [...sent]) if (one.lost === '') this.intercept(one);
  }

  private note({ to, body }: Message): void {
    const given = this.given.get(to) ?? [];
    this.given.set(to, given);
    const compacted = body.compacted as number;
    if (compacted > 0) given.push({ compacted });
    for (const event of body.events as unknown as WatchEvent[]) given.push({ event });
  }

  /** What the watches of a client gave, and takes that much of it away. */
  takeGiven(client: string, count: number): Given[] {
    const given = this.given.get(client) ?? [];
    this.given.set(client, given);
    return given.splice(0, count > 0 ? count : given.length);
  }

  givenCount(client: string): number {
    return this.given.get(client)?.length ?? 0;
  }

  private intercept(message: Message): void {
    if (this.seen.has(message)) return;
    this.seen.add(message);
    const { from, to, body } = message;
    if (this.cut.has(`${from} ${to}`) && !isBesideRaft(body.type)) return this.drop(message);
    const isRequest = this.paths.has(from);
    const path = this.paths.get(isRequest ? from : to);
    if (path === undefined) return;
    if (!message.isSignal && path.armed === (isRequest ? 'request' : 'reply')) {
      path.armed = null;
      this.drop(message);
    } else if (isRequest ? path.stalled.toServer : path.stalled.toClient) this.hold(path, message);
  }

  private drop({ from, to, ordinal, copy }: Message): void {
    this.do({ type: 'drop', at: this.world.time, from, to, ordinal, copy });
  }

  private hold(path: Path, { from, to, ordinal, copy }: Message): void {
    const by = 3_600_000_000;
    this.do({ type: 'delay', at: this.world.time, from, to, ordinal, copy, by });
    const held = this.world.queue.items.find(
      (one): one is Message => one.type === 'deliver' && one.from === from && one.to === to
        && one.ordinal === ordinal && one.copy === copy,
    );
    if (held !== undefined) path.held.push(held);
  }

  // Faults

  path(client: string): Path {
    const stalled = { toServer: false, toClient: false };
    const path = this.paths.get(client) ?? { stalled, armed: null, held: [] };
    this.paths.set(client, path);
    return path;
  }

  resumePath(client: string): void {
    const path = this.path(client);
    path.stalled = { toServer: false, toClient: false };
    for (const { from, to, ordinal, copy } of path.held.splice(0)) {
      this.do({ type: 'deliver', at: this.world.time, from, to, ordinal, copy });
    }
  }

  disconnect(client: string): void {
    this.invoke(client, 'disconnect', {});
  }

  cutLink(from: string, to: string): void {
    this.cut.add(`${from} ${to}`);
    for (const one of [...this.world.queue.items]) {
      if (one.type !== 'deliver' || one.from !== from || one.to !== to) continue;
      if (!isBesideRaft(one.body.type)) this.drop(one);
    }
  }

  heal(): void {
    this.cut.clear();
  }
}

/** The questions about leases are requests of their own: the recorder cut only Raft's streams. */
function isBesideRaft(type: string): boolean {
  return type === 'AskLessor' || type === 'LessorAnswer';
}
