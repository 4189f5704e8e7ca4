// Three real servers of ZooKeeper on loopback, and what the steps of a sequence do to them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Data, Step } from '../../transcripts/adapter.ts';
import { poll } from '../real-steps.ts';
import { freePorts, type ServerProcess, temporaryFolder } from '../server-process.ts';
import { ZooKeeperClient } from './zookeeper-client.ts';
import { ask, patienceMs, serverProcess, tickMs } from './zookeeper-server.ts';

/** As in the recorded transcripts. */
export const limits = { initLimit: 10, syncLimit: 4 };

const numbers = [1, 2, 3] as const;

interface RealServer {
  readonly process: ServerProcess;
  readonly port: number;
}

export class RealEnsemble {
  private readonly clients = new Map<string, ZooKeeperClient>();

  private constructor(
    private readonly servers: readonly RealServer[],
    private readonly folder: { remove(): void },
  ) {}

  /** No server runs yet. */
  static async create(): Promise<RealEnsemble> {
    const folder = temporaryFolder('zookeeper-ensemble');
    const ports = await freePorts(9);
    const servers = numbers.map((number, i): RealServer => {
      const home = join(folder.path, String(number));
      mkdirSync(join(home, 'data'), { recursive: true });
      writeFileSync(join(home, 'data', 'myid'), String(number));
      const port = ports[3 * i];
      const config = [
        `tickTime=${tickMs}`, `initLimit=${limits.initLimit}`, `syncLimit=${limits.syncLimit}`,
        `dataDir=${join(home, 'data')}`, `clientPort=${port}`, 'clientPortAddress=127.0.0.1',
        'admin.enableServer=false', 'maxClientCnxns=0', '4lw.commands.whitelist=ruok,srvr',
        ...numbers.map((one, at) => {
          return `server.${one}=127.0.0.1:${ports[3 * at + 1]}:${ports[3 * at + 2]}`;
        }),
      ];
      writeFileSync(join(home, 'zoo.cfg'), config.join('\n'));
      return { process: serverProcess(home), port };
    });
    return new RealEnsemble(servers, folder);
  }

  async begin({ action, actor = '', args = {} }: Step): Promise<Data | undefined> {
    const server = this.servers[Number(actor) - 1];
    switch (action) {
      case 'start':
        server.process.start();
        return undefined;
      case 'start-and-wait-up':
        server.process.start();
        await poll(async () => (await ask(server.port, 'ruok')) === 'imok' || undefined, patienceMs);
        return undefined;
      case 'kill':
        await server.process.kill();
        return undefined;
      case 'stop':
        server.process.signal('SIGSTOP');
        return undefined;
      case 'cont':
        server.process.signal('SIGCONT');
        return undefined;
      case 'wait-leader':
        return this.leaderAmong(args.among as readonly number[]);
      case 'modes':
        return { modes: await this.modes(args.servers as readonly number[]) };
      default:
        return this.client(actor).begin(action, args);
    }
  }

  private client(name: string): ZooKeeperClient {
    let client = this.clients.get(name);
    if (client === undefined) {
      client = new ZooKeeperClient((number) => this.servers[number - 1].port, '');
      this.clients.set(name, client);
    }
    return client;
  }

  /** One of these leads, and all others follow; it gives the epoch of the leader's zxid. */
  private async leaderAmong(among: readonly number[]): Promise<Data> {
    const found = await poll(async () => {
      const answers = await Promise.all(among.map((one) => this.status(one)));
      const leader = answers.findIndex(({ mode }) => mode === 'leader');
      const others = answers.filter((_, i) => i !== leader);
      if (leader < 0 || others.some(({ mode }) => mode !== 'follower')) return undefined;
      return { leader: among[leader], epoch: answers[leader].epoch };
    }, patienceMs);
    return found ?? { leader: null };
  }

  private async modes(servers: readonly number[]): Promise<Data> {
    const all = await Promise.all(servers.map((one) => this.status(one)));
    return Object.fromEntries(servers.map((one, i) => [one, all[i].mode]));
  }

  private async status(number: number): Promise<{ mode: string; epoch: number }> {
    const { process, port } = this.servers[number - 1];
    const text = process.isRunning ? await ask(port, 'srvr') : '';
    const mode = /Mode: (\w+)/.exec(text)?.[1] ?? 'not serving';
    const zxid = /Zxid: 0x([0-9a-f]+)/.exec(text)?.[1] ?? '0';
    return { mode, epoch: Math.floor(Number.parseInt(zxid, 16) / 2 ** 32) };
  }

  async stop(): Promise<void> {
    for (const client of this.clients.values()) await client.close();
    await Promise.all(this.servers.map(({ process }) => process.kill()));
    this.folder.remove();
  }
}
