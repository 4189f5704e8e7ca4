// A real ZooKeeper server of our own: on loopback, at a free port, in a temporary folder.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Data, Step } from '../../transcripts/adapter.ts';
import { poll } from '../real-steps.ts';
import { freePorts, ServerProcess, temporaryFolder } from '../server-process.ts';
import { ZooKeeperClient } from './zookeeper-client.ts';

export const noZooKeeper =
  'ZooKeeper needs java on the PATH and /usr/share/java/zookeeper.jar. Install them (Debian ' +
  'packages: zookeeper, default-jre-headless).';

const jar = '/usr/share/java/zookeeper.jar';
export const patienceMs = 60_000;

export const tickMs = 500;

export function hasZooKeeper(): boolean {
  return existsSync(jar) && spawnSync('java', ['-version']).status === 0;
}

export class ZooKeeper {
  /** Each sequence has a parent znode of its own on the same server. */
  private sequence = 0;

  private constructor(
    private readonly process: ServerProcess,
    readonly port: number,
    readonly version: string,
    private readonly folder: { remove(): void },
  ) {}

  static async start(): Promise<ZooKeeper> {
    const folder = temporaryFolder('zookeeper');
    const [port] = await freePorts(1);
    const config = [
      `tickTime=${tickMs}`, `dataDir=${join(folder.path, 'data')}`, `clientPort=${port}`,
      'clientPortAddress=127.0.0.1', 'admin.enableServer=false', 'maxClientCnxns=0',
      '4lw.commands.whitelist=ruok,srvr',
    ];
    writeFileSync(join(folder.path, 'zoo.cfg'), config.join('\n'));
    const process = serverProcess(folder.path);
    process.start();
    try {
      await waitUp(process, port);
      const version = /version: ([\d.]+)/.exec(await ask(port, 'srvr'))?.[1] ?? 'unknown';
      return new ZooKeeper(process, port, version, folder);
    } catch (error) {
      await process.kill();
      folder.remove();
      throw error;
    }
  }

  /** A fresh state for a sequence: a parent of its own, and no clients. */
  async open(): Promise<ZooKeeperRun> {
    const root = `/s${++this.sequence}`;
    const recorder = new ZooKeeperClient(() => this.port, '');
    await recorder.begin('connect', {});
    await recorder.begin('create', { path: root, data: '', kind: 'persistent' });
    await recorder.begin('close-session', {});
    await recorder.close();
    return new ZooKeeperRun(this, root);
  }

  async kill(): Promise<void> {
    await this.process.kill();
  }

  async startAgain(): Promise<void> {
    if (!this.process.isRunning) this.process.start();
    await waitUp(this.process, this.port);
  }

  async stop(): Promise<void> {
    await this.process.kill();
    this.folder.remove();
  }
}

/** A process with the `zoo.cfg` in a folder. */
export function serverProcess(folder: string): ServerProcess {
  // A kill keeps what was written to files; only a power failure needs it forced to the disk.
  const options = ['-Xmx96m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dzookeeper.forceSync=no'];
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  return new ServerProcess('java', [...options, '-cp', jar, main, 'zoo.cfg'], folder);
}

/** One run of a sequence. */
export class ZooKeeperRun {
  private readonly clients = new Map<string, ZooKeeperClient>();

  constructor(
    private readonly server: ZooKeeper,
    private readonly root: string,
  ) {}

  async begin({ action, actor = '', args = {} }: Step): Promise<Data | undefined> {
    if (action === 'kill') return void (await this.server.kill());
    if (action === 'start-and-wait-up') return void (await this.server.startAgain());
    // `A'` is the path that A had before it reconnected.
    const name = actor.replaceAll("'", '');
    let client = this.clients.get(name);
    if (client === undefined) {
      client = new ZooKeeperClient(() => this.server.port, this.root);
      this.clients.set(name, client);
    }
    return client.begin(action, args, actor.length - name.length);
  }

  async close(): Promise<void> {
    for (const client of this.clients.values()) await client.close();
  }
}

async function waitUp(process: ServerProcess, port: number): Promise<void> {
  const isUp = async () => {
    if (!process.isRunning) throw new Error('ZooKeeper exited instead of listening');
    return (await ask(port, 'srvr')).includes('Mode: standalone') || undefined;
  };
  if (!(await poll(isUp, patienceMs))) throw new Error('ZooKeeper did not start');
}

/** The answer to a command of four letters; empty if there is none. */
export function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(command));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')));
    socket.on('error', () => {});
    socket.once('close', () => resolve(text));
  });
}
