// A real etcd cluster of three members, and clients that reach it through proxies of their own.
import { spawnSync } from 'node:child_process';
import type { Data, Step } from '../../transcripts/adapter.ts';
import { type Args, etcdCalls, rangeOf, resultOf, watchEvents } from './etcd-calls.ts';
import { type Call, call, type Reply } from './etcd-http.ts';
import { poll, sleep } from '../real-steps.ts';
import { freePorts, ServerProcess, temporaryFolder } from '../server-process.ts';
import { type Direction, TcpProxy } from '../tcp-proxy.ts';

export const noEtcd = 'There is no etcd on the PATH. Install it (Debian package: etcd-server).';

/** The version of the etcd on the PATH; undefined if there is none. */
export function etcdVersion(): string | undefined {
  const { status, stdout } = spawnSync('etcd', ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/Version: (\S+)/.exec(stdout)?.[1] ?? 'unknown') : undefined;
}

interface Member {
  readonly process: ServerProcess;
  readonly port: number;
}

interface Client {
  readonly proxy: TcpProxy;
  member: Member;
  readonly calls: Set<Call>;
  readonly events: Data[];
}

/** What a member says about itself: its leader, and the term of the last applied entry. */
interface Status {
  readonly leader: string;
  readonly term: number;
  readonly id: string;
}

const patienceMs = 30_000;

export class EtcdCluster {
  private readonly clients = new Map<string, Client>();
  /** By what the members were at the start: the leader `L`, its followers `F1` and `F2`. */
  private members: Readonly<Record<string, Member>> = {};
  private firstTerm = 0;

  private constructor(
    private readonly all: readonly Member[],
    private readonly folder: { remove(): void },
  ) {}

  /** Starts three members and waits until they have a leader. */
  static async start(): Promise<EtcdCluster> {
    const folder = temporaryFolder('etcd');
    const ports = await freePorts(6);
    const names = ['m1', 'm2', 'm3'];
    const url = (port: number) => `http://127.0.0.1:${port}`;
    const cluster = names.map((name, i) => `${name}=${url(ports[3 + i])}`).join(',');
    const all = names.map((name, i): Member => {
      const client = url(ports[i]);
      const peer = url(ports[3 + i]);
      const args = [
        '--name', name, '--data-dir', name, '--initial-cluster', cluster,
        '--listen-client-urls', client, '--advertise-client-urls', client,
        '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer,
        '--initial-cluster-token', `lockstep-${ports[0]}`,
      ];
      return { process: new ServerProcess('etcd', args, folder.path), port: ports[i] };
    });
    const started = new EtcdCluster(all, folder);
    try {
      for (const { process } of all) process.start();
      await started.settle();
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  private async settle(): Promise<void> {
    const agreed = await poll(() => this.agreed(this.all), patienceMs);
    if (agreed === undefined) throw new Error('the three members of etcd did not elect a leader');
    const statuses = await Promise.all(this.all.map((member) => this.status(member)));
    const leader = statuses.findIndex((one) => one?.id === agreed.leader);
    const [first, second] = this.all.filter((_, i) => i !== leader);
    this.members = { L: this.all[leader], F1: first, F2: second };
    // The leader proposes the version of the cluster, which is an entry of its log, and no revision.
    await sleep(500);
    this.firstTerm = agreed.term;
  }

  /** Whether there was an election: on a busy machine one happens without any fault, too. */
  async hasElected(): Promise<boolean> {
    const status = await this.agreed(this.all.filter(({ process }) => process.isRunning));
    return status?.term !== this.firstTerm;
  }

  async stop(): Promise<void> {
    for (const { proxy, calls } of this.clients.values()) {
      for (const one of calls) one.abort();
      await proxy.close();
    }
    await Promise.all(this.all.map(({ process }) => process.kill()));
    this.folder.remove();
  }

  /** Begins a step of a member, of the surroundings, or of a client. */
  async begin({ action, actor = '', args = {} }: Step): Promise<Data | undefined> {
    if (Object.hasOwn(this.members, actor)) {
      await this.ofMember(this.members[actor], action);
      return undefined;
    }
    if (action === 'wait-leader') return this.waitLeader(args);
    if (action === 'connect') {
      await this.connect(actor, this.members[String(args.to)]);
      return undefined;
    }
    const client = this.clients.get(actor);
    if (client === undefined) throw new Error(`${actor || 'the step'} is not connected: ${action}`);
    return Object.hasOwn(etcdCalls, action)
      ? this.call(client, action, args)
      : this.ofClient(client, action, args);
  }

  private async ofMember({ process }: Member, action: string): Promise<void> {
    switch (action) {
      case 'kill': return process.kill();
      case 'start': return process.start();
      case 'stop': return process.signal('SIGSTOP');
      case 'cont': return process.signal('SIGCONT');
    }
    throw new Error(`unknown step of a member: ${action}`);
  }

  private async connect(name: string, member: Member): Promise<void> {
    const known = this.clients.get(name);
    if (known !== undefined) {
      known.member = member;
      return;
    }
    const proxy = await TcpProxy.open(() => client.member.port);
    const client: Client = { proxy, member, calls: new Set(), events: [] };
    this.clients.set(name, client);
  }

  private async call(client: Client, name: string, args: Args): Promise<Data> {
    const known = etcdCalls[name];
    const one = call(client.proxy.port, known.path, known.body(args));
    client.calls.add(one);
    const reply = await one.reply;
    client.calls.delete(one);
    return resultOf(known, reply);
  }

  private async ofClient(client: Client, action: string, args: Args): Promise<Data | undefined> {
    switch (action) {
      case 'arm':
        client.proxy.arm(args.on === 'request' ? 'to-server' : 'to-client');
        return undefined;
      case 'stall':
        client.proxy.stall(directionsOf(args.which));
        return undefined;
      case 'resume':
        client.proxy.resume();
        return undefined;
      case 'sever':
        client.proxy.cut();
        return undefined;
      case 'watch':
        await this.watch(client, args);
        return undefined;
      case 'events': {
        const count = Number(args.count ?? 0);
        const isThere = async () => (count > 0 && client.events.length >= count) || undefined;
        await poll(isThere, Number(args.within_ms ?? 5_000));
        return { events: client.events.splice(0, count > 0 ? count : client.events.length) };
      }
      case 'wait-key-gone':
        return this.waitKeyGone(client, args);
    }
    throw new Error(`unknown step of a client: ${action}`);
  }

  /** Ends when the watch is there, so that the next change is seen. */
  private watch(client: Client, args: Args): Promise<void> {
    const request = { ...rangeOf(args), start_revision: args.from_revision ?? 0 };
    return new Promise((resolve) => {
      const one = call(client.proxy.port, '/v3/watch', { create_request: request }, (line) => {
        if ((line.result as Reply | undefined)?.created === true) resolve();
        client.events.push(...watchEvents(line));
      });
      client.calls.add(one);
      void one.reply.then(() => resolve());
    });
  }

  private async waitKeyGone({ member }: Client, { key }: Args): Promise<Data> {
    const { path, body } = etcdCalls.get;
    const isGone = async () => {
      const { reply } = call(member.port, path, body({ key, serializable: true }));
      const { connection, kvs } = await reply;
      return connection === undefined && kvs === undefined ? true : undefined;
    };
    return { key: (await poll(isGone, patienceMs)) ? 'gone' : 'there' };
  }

  private async waitLeader(args: Args): Promise<Data> {
    const seers = (args.seen_by as readonly string[]).map((name) => this.members[name]);
    const not = this.members[String(args.not_)];
    const notId = not === undefined ? undefined : [...this.ids].find(([, one]) => one === not)?.[0];
    const found = await poll(async () => {
      const agreed = await this.agreed(seers);
      return agreed?.leader === notId ? undefined : agreed;
    }, Number(args.within_ms ?? patienceMs));
    if (found === undefined) return { leader: null };
    if (args.name_it === false) return { leader: 'one' };
    const member = this.ids.get(found.leader);
    return { leader: Object.keys(this.members).find((name) => this.members[name] === member) ?? null };
  }

  private readonly ids = new Map<string, Member>();

  /** What all these members say, if they agree on a leader. */
  private async agreed(members: readonly Member[]): Promise<Status | undefined> {
    const statuses = await Promise.all(members.map((member) => this.status(member)));
    const [first] = statuses;
    if (first === undefined || first.leader === '0') return undefined;
    return statuses.every((one) => one?.leader === first.leader) ? first : undefined;
  }

  private async status(member: Member): Promise<Status | undefined> {
    const { reply, abort } = call(member.port, '/v3/maintenance/status', {});
    const status = await Promise.race([reply, sleep(1_000)]);
    abort();
    if (status?.header === undefined) return undefined;
    const { member_id: id } = status.header as Reply;
    this.ids.set(String(id), member);
    return { id: String(id), leader: String(status.leader ?? '0'), term: Number(status.raftTerm) };
  }
}

export function directionsOf(which: Data | undefined): readonly Direction[] {
  if (which === 'to-server' || which === 'to-client') return [which];
  return ['to-server', 'to-client'];
}
