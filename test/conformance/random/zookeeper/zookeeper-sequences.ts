// Random sequences for ZooKeeper: znodes, watches and sessions, with kills, cuts and lost replies.
import type { Data, Step } from '../../transcripts/adapter.ts';
import { Random } from '../random.ts';
import { Steps } from '../steps-builder.ts';

type Args = { readonly [name: string]: Data | undefined };

const paths = ['/a', '/a/x', '/b', '/e', '/e/x', '/p'];
const values = ['', '1', '2', 'mine'];
const kinds = ['persistent', 'persistent', 'ephemeral', 'sequential', 'ephemeral sequential'];
/** The clients that stay. They never ping: what a fault strikes must be what the step sends. */
const clients = ['A', 'B', 'D'];
/** The longest that the server grants. Every scene is shorter, and each client speaks after it. */
const timeout = 10_000;

export function zookeeperSequence(seed: number): readonly Step[] {
  return new ZooKeeperSequence(new Random(seed)).steps();
}

class ZooKeeperSequence {
  private readonly sequence = new Steps();
  private nextOperation = 1;
  private nextGuest = 1;

  constructor(private readonly random: Random) {}

  steps(): readonly Step[] {
    for (const client of clients) this.add(client, 'connect', { to: 1, timeout });
    for (const path of ['/p', '/a']) {
      this.add('A', 'create', { path, data: '', kind: 'persistent' });
    }
    for (const scene of this.random.shuffle(this.scenes()).slice(0, 6)) {
      this.some(4);
      scene();
      for (const client of clients) this.add(client, 'sync');
    }
    this.some(3);
    for (const path of paths) this.add('B', 'get', { path });
    for (const path of ['/p', '/a', '/e']) this.add('D', 'children', { path });
    return this.sequence.list;
  }

  private scenes(): readonly (() => void)[] {
    return [
      () => this.lose('request'), () => this.lose('reply'), () => this.lose('reply'),
      () => this.watch(), () => this.watch(), () => this.watchAgain(), () => this.stallRequest(),
      () => this.lock(), () => this.lock(), () => this.die(), () => this.stallSession(),
      () => this.stallReplies(), () => this.killServer(), () => this.leave(),
      () => this.move(), () => this.dieAtRestart(),
    ];
  }

  private add(client: string, action: string, args: Args = {}, more = {}): void {
    this.sequence.add(client, action, args, more);
  }

  private client(): string {
    return this.random.pick(clients);
  }

  private operation(): string {
    return `op${this.nextOperation++}`;
  }

  /** Up to so many ordinary requests. */
  private some(most: number): void {
    for (let left = this.random.below(most + 1); left > 0; left--) {
      const [action, args] = this.random.once(3) ? this.read() : this.change();
      this.add(this.client(), action, args);
    }
  }

  private read(): [action: string, args: Args] {
    const path = this.random.pick(paths);
    return [this.random.pick(['get', 'exists', 'children']), { path }];
  }

  private change(): [action: string, args: Args] {
    const { random } = this;
    const path = random.pick(paths);
    return random.pick<() => [string, Args]>([
      () => this.create(),
      () => this.create(),
      () => ['delete', { path, version: this.version() }],
      () => ['set', { path, data: random.pick(values), version: this.version() }],
      () => ['set', { path, data: random.pick(values) }],
      () => ['multi', { ops: this.parts() }],
    ])();
  }

  private create(): [action: string, args: Args] {
    const { random } = this;
    const kind = random.pick(kinds);
    const path = kind.includes('sequential') ? random.pick(['/p/n-', '/a/n-', '/p/']) : random.pick(paths);
    return ['create', { path, data: random.pick(values), kind }];
  }

  private version(): number | undefined {
    return this.random.pick([undefined, undefined, 0, 1, 2]);
  }

  private parts(): Data {
    return Array.from({ length: 1 + this.random.below(3) }, (): { [name: string]: Data } => {
      const path = this.random.pick(paths);
      const version = this.random.below(3) - 1;
      return this.random.pick<{ [name: string]: Data }>([
        { op: 'create', path, data: '', kind: 'persistent' },
        { op: 'create', path: '/p/m-', data: '', kind: 'sequential' },
        { op: 'create', path, data: '', kind: 'ephemeral' },
        { op: 'set', path, data: 'multi', version },
        { op: 'check', path, version },
        { op: 'delete', path, version },
      ]);
    });
  }

  private reconnect(client: string, more: Args = {}): void {
    this.add(client, 'wait-disconnected');
    this.add(client, 'reconnect', { to: 1, timeout, ...more });
  }

  /** The client does not learn whether its request was executed. It looks, and repeats it. */
  private lose(on: 'request' | 'reply'): void {
    const client = this.client();
    const [action, args] = this.change();
    this.add(client, 'arm', { on });
    this.add(client, action, args);
    this.reconnect(client);
    if (this.random.once(2)) this.add(client, ...this.read());
    if (!this.random.once(4)) this.add(client, action, args);
  }

  /** Changes after a read that leaves a watch: which of them fire it, and in which order. */
  private watch(): void {
    const [watcher, other] = this.random.shuffle(clients);
    for (let left = 1 + this.random.below(3); left > 0; left--) {
      const [action, args] = this.read();
      this.add(watcher, action, { ...args, watch: true });
    }
    for (let left = 1 + this.random.below(3); left > 0; left--) this.add(other, ...this.change());
    this.add(watcher, 'sync');
    this.add(watcher, 'events', { count: 0, within_ms: 200 });
  }

  /** The watcher's connection is cut; it sets its watches again, or forgets to. */
  private watchAgain(): void {
    const [watcher, other] = this.random.shuffle(clients);
    const path = this.random.pick(paths);
    const [action, kind] = this.random.pick([['get', 'data'], ['exists', 'exist'], ['children', 'child']]);
    // A watch is left by a read that found the znode; one of its absence only by `exists`.
    this.add(watcher, 'exists', { path });
    if (action !== 'exists') this.add(other, 'create', { path, data: '', kind: 'persistent' });
    this.add(watcher, action, { path, watch: true });
    this.add(watcher, 'cut');
    this.add(watcher, 'wait-disconnected');
    for (let left = this.random.below(3); left > 0; left--) this.add(other, ...this.change());
    this.add(watcher, 'reconnect', { to: 1, timeout });
    if (!this.random.once(4)) this.add(watcher, 'set-watches', { [kind]: [path] });
    this.add(watcher, 'events', { count: 0, within_ms: 200 });
    this.add(other, ...this.change());
    this.add(watcher, 'events', { count: 0, within_ms: 200 });
  }

  /** A request waits on its way while another client changes the same znodes. */
  private stallRequest(): void {
    const [client, other] = this.random.shuffle(clients);
    const op = this.operation();
    this.add(client, 'stall', { which: this.random.pick(['to-server', 'to-client', undefined]) });
    const [action, args] = this.change();
    this.add(client, action, args, { as: op });
    this.sequence.around('sleep', { ms: 200 });
    for (let left = 1 + this.random.below(2); left > 0; left--) this.add(other, ...this.change());
    if (this.random.once(3)) {
      this.add(client, 'cut');
      this.sequence.around('await', { op, within_ms: 5_000 });
      this.reconnect(client);
      return;
    }
    this.add(client, 'resume');
    this.sequence.around('await', { op, within_ms: 5_000 });
  }

  /** The session goes on over another connection; a request waits on the old one. */
  private move(): void {
    const client = this.client();
    const op = this.operation();
    this.add(client, 'stall', { which: 'to-server' });
    const [action, args] = this.change();
    this.add(client, action, args, { as: op });
    this.sequence.around('sleep', { ms: 100 });
    this.add(client, 'reconnect', { to: 1, timeout });
    this.add(client, ...this.change());
    this.add(`${client}'`, 'resume');
    this.sequence.around('await', { op, within_ms: 5_000 });
    this.add(client, 'sync');
  }

  /** A client with a short session, that no other scene uses. */
  private guest(timeouts: readonly number[] = [1_000, 1_500, 2_000]): string {
    const name = `E${this.nextGuest++}`;
    this.add(name, 'connect', { to: 1, timeout: this.random.pick(timeouts) });
    return name;
  }

  private ephemeral(owner: string): string {
    const path = `/guest-${owner}`;
    this.add(owner, 'create', { path, data: owner, kind: 'ephemeral' });
    return path;
  }

  /** A process ends: its session lives on until its time is over. */
  private die(): void {
    const guest = this.guest();
    const path = this.ephemeral(guest);
    const watcher = this.client();
    this.add(watcher, 'exists', { path, watch: true });
    this.add(guest, 'die', {}, { mark: 'gone' });
    this.add(this.client(), 'wait-gone', { path }, { timed: true, since: 'gone' });
    this.add(watcher, 'events', { count: 0, within_ms: 200 });
  }

  /** The server hears nothing: the session ends, and the client learns it late. */
  private stallSession(): void {
    const guest = this.guest();
    const path = this.ephemeral(guest);
    this.add(guest, 'ping-every', { ms: 200 });
    this.sequence.around('sleep', { ms: 500 });
    const which = this.random.pick(['to-server', undefined]);
    this.add(guest, 'stall', { which }, { mark: 'gone' });
    this.add(this.client(), 'wait-gone', { path }, { timed: true, since: 'gone' });
    this.add(guest, 'resume');
    this.add(guest, 'wait-disconnected');
    this.add(guest, 'reconnect', { to: 1, timeout: 1_000 });
    this.add(this.client(), 'create', { path, data: 'another', kind: 'persistent' });
  }

  /** The server hears the pings, so the session lives on although the client hears nothing. */
  private stallReplies(): void {
    const guest = this.guest();
    const path = this.ephemeral(guest);
    this.add(guest, 'ping-every', { ms: 200 });
    this.add(guest, 'stall', { which: 'to-client' });
    this.sequence.around('sleep', { ms: 3_000 });
    this.add(this.client(), 'exists', { path });
    this.add(guest, 'resume');
    this.add(guest, 'get', { path });
    this.add(guest, 'close-session');
    this.add(this.client(), 'exists', { path });
  }

  /** Two take the lock below `/l`; the second watches the first. */
  private lock(): void {
    const [first, second] = this.random.shuffle(clients);
    this.add(first, 'create', { path: '/l', data: '', kind: 'persistent' });
    const orphans = this.random.once(3);
    if (orphans) this.add(first, 'arm', { on: 'reply' });
    this.add(first, 'create', { path: '/l/first-', data: '', kind: 'ephemeral sequential' });
    if (orphans) {
      this.reconnect(first);
      this.add(first, 'create', { path: '/l/first-', data: '', kind: 'ephemeral sequential' });
    }
    this.add(second, 'create', { path: '/l/second-', data: '', kind: 'ephemeral sequential' });
    this.add(second, 'children', { path: '/l', watch: true });
    const name = `/l/first-000000000${this.random.below(3)}`;
    this.add(second, 'exists', { path: name, watch: true });
    this.add(first, 'delete', { path: name });
    this.add(second, 'events', { count: 0, within_ms: 200 });
    this.add(second, 'children', { path: '/l' });
  }

  /** The server is killed and comes back: sessions, znodes and their numbers are as before. */
  private killServer(): void {
    const client = this.client();
    this.add(client, ...this.create());
    this.add('1', 'kill');
    for (const one of clients) this.add(one, 'wait-disconnected');
    if (this.random.once(2)) this.add(client, ...this.change());
    this.add('1', 'start-and-wait-up');
    for (const one of this.random.shuffle(clients)) {
      this.add(one, 'reconnect', { to: 1, timeout, tries: 10 });
    }
    for (const path of paths) this.add(client, 'exists', { path });
    this.add(client, ...this.create());
    this.add(client, 'children', { path: '/p' });
  }

  /** A server that comes back gives each session its whole time again. */
  private dieAtRestart(): void {
    const guest = this.guest([2_000, 3_000]);
    const path = this.ephemeral(guest);
    this.add(guest, 'die');
    this.sequence.around('sleep', { ms: 700 });
    this.add('1', 'kill');
    for (const one of clients) this.add(one, 'wait-disconnected');
    this.add('1', 'start-and-wait-up', {}, { mark: 'up' });
    for (const one of clients) this.add(one, 'reconnect', { to: 1, timeout, tries: 10 });
    this.add(this.client(), 'exists', { path });
    this.add(this.client(), 'wait-gone', { path }, { timed: true, since: 'up' });
  }

  /** A session that is closed leaves no ephemeral znode behind. */
  private leave(): void {
    const guest = this.guest([100, 1_000, 3_333, 99_999]);
    const path = this.ephemeral(guest);
    this.add(guest, ...this.create());
    const watcher = this.client();
    this.add(watcher, 'exists', { path, watch: true });
    this.add(guest, 'close-session');
    this.add(watcher, 'events', { count: 0, within_ms: 200 });
    for (const one of ['/p', '/a']) this.add(watcher, 'children', { path: one });
  }
}
