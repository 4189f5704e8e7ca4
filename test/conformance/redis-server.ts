// A redis-server of our own: on loopback, at a free port, in a temporary directory.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../host/eventually.mjs';
import { RespClient } from './resp.ts';

export const noRedis =
  'There is no redis-server on the PATH. Install it (Debian package: redis-server).';

export interface RedisServer {
  readonly version: string;
  readonly port: number;
  readonly client: RespClient;
  stop(): Promise<void>;
}

/** The version of the redis-server on the PATH; undefined if there is none. */
export function redisVersion(): string | undefined {
  const { status, stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/v=(\S+)/.exec(stdout)?.[1] ?? 'unknown') : undefined;
}

export async function startRedis(): Promise<RedisServer> {
  const version = redisVersion();
  if (version === undefined) throw new Error(noRedis);
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-redis-'));
  const port = await freePort();
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const server = spawn('redis-server', [...place, '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async () => {
    if (server.exitCode === null) server.kill();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const connect = () => {
    // Another process may have taken the port; without this check its server would be compared.
    if (server.exitCode !== null) throw new Error('redis-server exited instead of listening');
    return RespClient.open(port).catch(() => undefined);
  };
  try {
    const client = await eventually(connect, 'a connection to redis-server');
    return {
      version,
      port,
      client,
      stop: () => {
        client.close();
        return stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
