// Random sequences for etcd: keys, leases, locks, elections and watches, with kills and lost replies.
import type { Data, Step } from '../../transcripts/adapter.ts';
import { Random } from '../random.ts';
import { Steps } from '../steps-builder.ts';

type Args = { readonly [name: string]: Data | undefined };

const keys = ['k', 'k2', 'data'];
const values = ['1', '2', 'mine', ''];
/** No lease expires during a sequence, except where the sequence waits for that. */
const longTtl = 60;

/** A sequence with its own clients: A at the leader, B and C at its followers. */
export function etcdSequence(seed: number): readonly Step[] {
  return new EtcdSequence(new Random(seed)).steps();
}

const members: Readonly<Record<string, string>> = { A: 'L', B: 'F1', C: 'F2' };
const memberOf = (client: string) => members[client];

class EtcdSequence {
  private readonly sequence = new Steps();
  /** Clients whose member runs. */
  private usable = ['A', 'B', 'C'];
  /** The first leader was killed, or lost its followers: who leads now was chance. */
  private hasLost = false;
  private leases: number[] = [];
  private nextLease = 100;
  /** Calls that may still wait. */
  private readonly waiting: string[] = [];
  private nextOperation = 1;

  constructor(private readonly random: Random) {}

  steps(): readonly Step[] {
    for (const client of this.usable) this.add(client, 'connect', { to: memberOf(client) });
    this.grant();
    const isWatching = this.random.once(2);
    if (isWatching) {
      this.add('W', 'connect', { to: 'F2' });
      this.add('W', 'watch', { key: 'k', prefix: true });
    }
    const scenes = this.random.shuffle(this.scenes()).slice(0, 5);
    for (const scene of scenes) {
      this.some(3);
      scene();
    }
    this.some(2);
    this.finish(isWatching);
    return this.sequence.list;
  }

  private scenes(): readonly (() => void)[] {
    return [
      () => this.loseRequest(), () => this.loseReply(), () => this.loseReply(),
      () => this.stall(), () => this.lock(), () => this.lock(), () => this.campaign(),
      () => this.expire(), () => this.killFollower(), () => this.stopFollower(),
      () => this.compact(), () => this.watchPast(), () => this.proclaim(),
      ...(this.random.once(2) ? [() => this.killLeader()] : []),
      ...(this.random.once(4) ? [() => this.loseQuorum()] : []),
    ];
  }

  /** At the end: what still waits, and all that is stored. */
  private finish(isWatching: boolean): void {
    for (const op of this.waiting) {
      this.sequence.around('await', { op, within_ms: 500 });
    }
    const client = this.usable[0];
    for (const key of ['k', 'd', 'x/', 'e/']) this.add(client, 'get', { key, prefix: true });
    for (const id of this.leases) this.add(client, 'ttl', { id });
    // A compaction may come before the watcher's member applied it: the events are still the same.
    if (isWatching) this.add('W', 'events', { count: 0, within_ms: 600 });
  }

  private add(client: string, action: string, args: Args = {}, more = {}): void {
    this.sequence.add(client, action, args, more);
  }

  private client(): string {
    return this.random.pick(this.usable);
  }

  private grant(): number {
    const id = this.nextLease++;
    this.leases.push(id);
    this.add(this.client(), 'grant', { ttl: longTtl, id });
    return id;
  }

  private lease(): number {
    return this.random.once(3) ? this.grant() : this.random.pick(this.leases);
  }

  /** Up to so many ordinary calls. */
  private some(most: number): void {
    for (let left = this.random.below(most + 1); left > 0; left--) {
      const [action, args] = this.ordinary();
      this.add(this.client(), action, args);
    }
  }

  private ordinary(): [action: string, args: Args] {
    const { random } = this;
    const key = random.pick(keys);
    const id = random.once(6) ? 999 : random.pick(this.leases);
    return random.pick<() => [string, Args]>([
      () => ['put', { key, value: random.pick(values) }],
      () => ['put', { key, value: random.pick(values), lease: id }],
      () => ['get', { key }],
      () => ['get', { key: 'k', prefix: true }],
      () => ['get', { key, revision: 1 + random.below(6) }],
      () => ['delete', random.once(3) ? { key: 'k', prefix: true } : { key }],
      () => ['cas', this.compared(key)],
      () => ['cas', this.compared(key)],
      () => ['keepalive', { id }],
      () => ['ttl', { id }],
      () => ['grant', { ttl: longTtl, id: random.pick(this.leases) }],
      () => this.revoke(),
    ])();
  }

  /** The lease is kept in the list: what uses it afterwards is refused. */
  private revoke(): [action: string, args: Args] {
    return ['revoke', { id: this.random.pick(this.leases) }];
  }

  private compared(key: string): Args {
    const { random } = this;
    const then = random.pick(['a', 'b']);
    return random.pick<() => Args>([
      () => ({ key, created: 0, then }),
      () => ({ key, version: random.below(3), then }),
      () => ({ key, modified: 2 + random.below(5), then }),
      () => ({ key, value: random.pick(values), then }),
      () => ({ key, guard: random.pick(keys), created: 2 + random.below(4), then }),
    ])();
  }

  /** A call that changes something: one whose outcome the client does not learn. */
  private change(): [action: string, args: Args] {
    const { random } = this;
    const key = random.pick(keys);
    return random.pick<() => [string, Args]>([
      () => ['put', { key, value: random.pick(values) }],
      () => ['cas', this.compared(key)],
      () => ['delete', { key }],
      () => ['keepalive', { id: random.pick(this.leases) }],
      () => ['grant', { ttl: longTtl, id: this.newLease() }],
      () => this.revoke(),
    ])();
  }

  private newLease(): number {
    this.leases.push(this.nextLease);
    return this.nextLease++;
  }

  private loseRequest(): void {
    this.lose('request');
  }

  private loseReply(): void {
    this.lose('reply');
  }

  /** The client repeats the call at once, or looks first. */
  private lose(on: 'request' | 'reply'): void {
    const client = this.client();
    const [action, args] = this.change();
    this.add(client, 'arm', { on });
    this.add(client, action, args);
    // What was executed reaches all members before the next call, at whichever it is sent.
    this.sequence.around('sleep', { ms: 100 });
    if (this.random.once(2)) this.add(this.client(), 'get', { key: 'k', prefix: true });
    if (!this.random.once(4)) this.add(client, action, args);
  }

  /** A request waits on its way while others change the same key. */
  private stall(): void {
    const client = this.client();
    const others = this.usable.filter((one) => one !== client);
    const [action, args] = this.change();
    const op = this.operation();
    const which = this.random.pick(['to-server', 'to-client', undefined]);
    this.add(client, 'stall', { which });
    this.add(client, action, args, { as: op });
    this.sequence.around('sleep', { ms: 200 });
    if (others.length > 0) {
      this.add(this.random.pick(others), 'put', { key: this.random.pick(keys), value: 'new' });
    }
    if (this.random.once(3)) {
      this.add(client, 'sever');
      this.sequence.around('await', { op, within_ms: 5_000 });
      this.add(client, 'resume');
      return;
    }
    this.add(client, 'resume');
    this.sequence.around('await', { op, within_ms: 5_000 });
  }

  private operation(): string {
    return `op${this.nextOperation++}`;
  }

  /**
   * A waiting call runs beside the others; it is awaited at the end. It has a client of its own,
   * because what happens to a client's connection happens to all of its calls: the simulated client
   * has one connection, as the Go client does, and the real one has one for each call.
   */
  private beside(action: string, args: Args): void {
    const op = this.operation();
    const waiter = `${op}-client`;
    this.add(waiter, 'connect', { to: this.random.pick(this.usable.map(memberOf)) });
    this.add(waiter, action, args, { as: op });
    this.sequence.around('still-waiting', { op, for_ms: 400 });
    this.waiting.push(op);
  }

  /** Mostly two leases, so that the second waits; a lease that is there already holds the lock. */
  private contenders(): [number, number] {
    const first = this.lease();
    return [first, this.random.once(4) ? this.lease() : this.grant()];
  }

  /** Two take the lock `x`; the one that comes first may write under it, and lets it go. */
  private lock(): void {
    const [first, second] = this.contenders();
    this.beside('lock', { name: 'x', lease: first });
    this.beside('lock', { name: 'x', lease: second });
    const key = `x/${first.toString(16)}`;
    if (this.random.once(2)) {
      this.add(this.client(), 'cas', { key: 'data', guard: key, version: 1, then: 'a' });
    }
    const client = this.client();
    this.random.pick<() => void>([
      () => this.add(client, 'unlock', { key }),
      () => this.add(client, 'revoke', { id: first }),
      () => this.add(client, 'delete', { key }),
      () => {},
    ])();
    this.sequence.around('sleep', { ms: 200 });
  }

  private campaign(): void {
    const [first, second] = this.contenders();
    this.beside('campaign', { name: 'e', lease: first, value: 'a' });
    this.beside('campaign', { name: 'e', lease: second, value: 'b' });
    this.add(this.client(), 'elected', { name: 'e' });
    this.add(this.client(), 'revoke', { id: first });
    this.sequence.around('sleep', { ms: 200 });
    if (this.random.once(2)) this.add(this.client(), 'elected', { name: 'e' });
  }

  private expire(): void {
    const id = this.nextLease++;
    const client = this.client();
    const key = `d${id}`;
    this.add(client, 'grant', { ttl: 2, id }, { mark: 'granted' });
    this.add(client, 'put', { key, value: 'short', lease: id });
    if (this.random.once(2)) {
      this.sequence.around('sleep', { ms: 600 });
      if (this.random.once(2)) this.add(client, 'arm', { on: 'reply' });
      this.add(client, 'keepalive', { id }, { mark: 'granted' });
    }
    this.add(client, 'wait-key-gone', { key }, { timed: true, since: 'granted' });
    this.add(client, 'put', { key, value: 'late', lease: id });
  }

  /** A follower is killed, the others go on, it comes back and has what they did. */
  private killFollower(): void {
    const [member, client] = this.random.pick([['F1', 'B'], ['F2', 'C']]);
    if (this.hasLost || (member === 'F2' && this.isWatched)) return;
    this.add(member, 'kill');
    this.usable = this.usable.filter((one) => one !== client);
    this.some(3);
    this.add(member, 'start');
    this.sequence.around('wait-leader', { seen_by: ['L', 'F1', 'F2'], name_it: false });
    this.usable.push(client);
    this.sequence.around('sleep', { ms: 300 });
    this.add(client, 'get', { key: 'k', prefix: true });
  }

  private stopFollower(): void {
    const [member, client] = this.random.pick([['F1', 'B'], ['F2', 'C']]);
    if (this.hasLost) return;
    this.add(member, 'stop');
    this.usable = this.usable.filter((one) => one !== client);
    this.some(2);
    this.add(member, 'cont');
    this.usable.push(client);
    this.sequence.around('sleep', { ms: 300 });
    this.add(client, 'get', { key: 'k', prefix: true });
  }

  /** The leader is killed; a follower leads. The old one comes back, or does not. */
  private killLeader(): void {
    this.add('L', 'kill');
    this.usable = ['B', 'C'];
    this.sequence.around('wait-leader', { seen_by: ['F1', 'F2'], not_: 'L', name_it: false });
    this.sequence.around('sleep', { ms: 300 });
    this.add(this.client(), 'get', { key: 'k', prefix: true });
    this.hasLost = true;
    if (this.random.once(2)) return;
    this.some(3);
    this.add('L', 'start');
    this.sequence.around('wait-leader', { seen_by: ['L', 'F1', 'F2'], name_it: false });
    this.sequence.around('sleep', { ms: 500 });
    this.usable.push('A');
    this.add('A', 'get', { key: 'k', prefix: true });
  }

  /** Without its followers the leader answers nothing that needs a majority. */
  private loseQuorum(): void {
    if (this.hasLost) return;
    const op = this.operation();
    this.add('F1', 'stop');
    this.add('F2', 'stop');
    this.sequence.around('sleep', { ms: 2_500 });
    this.add('A', ...this.random.pick<[string, Args]>([
      ['put', { key: 'q', value: 'unknown' }], ['get', { key: 'k' }],
    ]), { as: op });
    this.add('A', 'get', { key: 'k', serializable: true });
    this.sequence.around('await', { op, within_ms: 12_000 });
    this.add('F1', 'cont');
    this.add('F2', 'cont');
    this.sequence.around('wait-leader', { seen_by: ['L', 'F1', 'F2'], name_it: false });
    this.sequence.around('sleep', { ms: 500 });
    this.hasLost = true;
  }

  /** A watch that begins in the past, at a revision that may be compacted. */
  private watchPast(): void {
    const watcher = `${this.operation()}-watcher`;
    this.add(watcher, 'connect', { to: this.random.pick(this.usable.map(memberOf)) });
    this.add(watcher, 'watch', { key: 'k', prefix: true, from_revision: 1 + this.random.below(6) });
    this.some(2);
    this.add(watcher, 'events', { count: 0, within_ms: 400 });
  }

  /** The leader of an election changes its value, or resigns; its revision is a guess. */
  private proclaim(): void {
    const lease = this.lease();
    this.beside('campaign', { name: 'e', lease, value: 'c' });
    const key = `e/${lease.toString(16)}`;
    const rev = 2 + this.random.below(6);
    if (this.random.once(2)) {
      this.add(this.client(), 'proclaim', { name: 'e', key, rev, lease, value: 'next' });
    } else this.add(this.client(), 'resign', { name: 'e', key, rev, lease });
    this.sequence.around('sleep', { ms: 200 });
    this.add(this.client(), 'elected', { name: 'e' });
  }

  private compact(): void {
    this.add(this.client(), 'compact', { revision: 2 + this.random.below(4) });
    this.add(this.client(), 'get', { key: 'k', revision: 1 + this.random.below(5) });
  }

  private get isWatched(): boolean {
    return this.sequence.list.some(({ action }) => action === 'watch');
  }
}
