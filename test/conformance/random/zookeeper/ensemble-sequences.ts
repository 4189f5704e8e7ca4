// Random sequences for three servers of ZooKeeper: elections after kills, and what is then there.
import type { Step } from '../../transcripts/adapter.ts';
import { Random } from '../random.ts';
import { Steps } from '../steps-builder.ts';

export function ensembleSequence(seed: number): readonly Step[] {
  return new EnsembleSequence(new Random(seed)).steps();
}

/**
 * A model of who must lead, only to know which server to kill: what really leads is observed. Each
 * scene ends with all three servers, one of which leads.
 */
class EnsembleSequence {
  private readonly sequence = new Steps();
  private leader = 0;
  private nextClient = 1;
  private nextPath = 1;
  private readonly written: string[] = [];

  constructor(private readonly random: Random) {}

  steps(): readonly Step[] {
    const order = this.random.shuffle([1, 2, 3]);
    this.sequence.add(String(order[0]), 'start-and-wait-up');
    this.sequence.around('modes', { servers: [order[0]] });
    this.start(order[1]);
    this.waitLeader([order[0], order[1]], Math.max(order[0], order[1]));
    this.start(order[2]);
    this.waitLeader([1, 2, 3], this.leader);
    for (let scene = 0; scene < 3; scene++) {
      this.random.pick([
        () => this.killLeader(), () => this.killLeader(), () => this.killFollower(),
        () => this.behind(), () => this.killAll(), () => this.stopFollower(),
      ])();
    }
    this.readAll();
    return this.sequence.list;
  }

  private start(server: number): void {
    this.sequence.add(String(server), 'start');
  }

  private kill(server: number): void {
    this.sequence.add(String(server), 'kill');
  }

  private waitLeader(among: readonly number[], leader: number): void {
    this.sequence.around('wait-leader', { among: [...among].sort() });
    this.leader = leader;
  }

  private others(server: number): number[] {
    return [1, 2, 3].filter((one) => one !== server);
  }

  /** Some writes of a new client at a server. */
  private write(server: number): void {
    const client = `C${this.nextClient++}`;
    this.sequence.add(client, 'connect', { to: server });
    for (let left = 1 + this.random.below(3); left > 0; left--) {
      const path = `/n${this.nextPath++}`;
      this.written.push(path);
      this.sequence.add(client, 'create', { path, data: '', kind: 'persistent' });
    }
    this.sequence.add(client, 'close-session');
  }

  private readAll(): void {
    for (const server of [1, 2, 3]) {
      const client = `R${server}`;
      this.sequence.add(client, 'connect', { to: server });
      this.sequence.add(client, 'sync');
      for (const path of this.written) this.sequence.add(client, 'exists', { path });
    }
  }

  /** Of the two others, which have the same transactions, the greater one leads. */
  private killLeader(): void {
    if (this.random.once(2)) this.write(this.random.pick([1, 2, 3]));
    const killed = this.leader;
    const rest = this.others(killed);
    // Both must have all, so that the greater number decides.
    for (const [i, server] of rest.entries()) {
      const client = `S${this.nextClient++}${i}`;
      this.sequence.add(client, 'connect', { to: server });
      this.sequence.add(client, 'close-session');
    }
    this.sequence.around('sleep', { ms: 300 });
    this.kill(killed);
    this.waitLeader(rest, Math.max(...rest));
    if (this.random.once(2)) this.write(this.random.pick(rest));
    this.start(killed);
    this.waitLeader([1, 2, 3], this.leader);
  }

  private killFollower(): void {
    const killed = this.random.pick(this.others(this.leader));
    this.kill(killed);
    this.write(this.leader);
    this.start(killed);
    this.waitLeader([1, 2, 3], this.leader);
  }

  private stopFollower(): void {
    const stopped = this.random.pick(this.others(this.leader));
    this.sequence.add(String(stopped), 'stop');
    this.write(this.leader);
    this.sequence.around('sleep', { ms: 300 });
    this.sequence.add(String(stopped), 'cont');
    this.sequence.around('sleep', { ms: 300 });
    this.waitLeader([1, 2, 3], this.leader);
  }

  /** A follower misses writes; then the leader dies, and the follower comes back: it cannot lead. */
  private behind(): void {
    const [behind, ahead] = this.random.shuffle(this.others(this.leader));
    const killed = this.leader;
    this.kill(behind);
    this.write(killed);
    this.sequence.around('sleep', { ms: 300 });
    this.kill(killed);
    this.start(behind);
    this.waitLeader([behind, ahead], ahead);
    this.start(killed);
    this.waitLeader([1, 2, 3], ahead);
  }

  /** All have the same transactions: the greater one of the first two leads. */
  private killAll(): void {
    this.sequence.around('sleep', { ms: 300 });
    for (const server of this.random.shuffle([1, 2, 3])) this.kill(server);
    const order = this.random.shuffle([1, 2, 3]);
    this.sequence.add(String(order[0]), 'start-and-wait-up');
    this.start(order[1]);
    this.waitLeader(order.slice(0, 2), Math.max(order[0], order[1]));
    this.start(order[2]);
    this.waitLeader([1, 2, 3], this.leader);
  }
}
