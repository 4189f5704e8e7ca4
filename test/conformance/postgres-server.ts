/** Starts a private PostgreSQL server in a temporary directory, which is deleted afterwards. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PostgresConnection } from './postgres-wire.ts';

/** The folder of `postgres` and `initdb`; undefined if PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().toReversed() : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/bin',
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  for (const folder of folders) {
    if (!existsSync(join(folder, 'postgres'))) continue;
    // The program may be a symbolic link: its target is in the folder that holds all of them.
    const real = dirname(realpathSync(join(folder, 'postgres')));
    if (existsSync(join(real, 'initdb'))) return real;
  }
  return undefined;
}

/** Switches background work off, and detects deadlocks early. */
export const deadlockTimeoutMs = 200;
const settings = {
  listen_addresses: '',
  autovacuum: 'off',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  jit: 'off',
  shared_buffers: '16MB',
  max_connections: '20',
  deadlock_timeout: `${deadlockTimeoutMs}ms`,
  lc_messages: 'C',
  log_min_messages: 'fatal',
};

export class PostgresServer {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly version: string,
  ) {}

  static async start(programs: string): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-postgres-'));
    const owner = ownerOf(programs);
    if (owner) chownSync(folder, owner.uid, owner.gid);
    const options = { ...owner, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
    const data = join(folder, 'data');
    const made = spawnSync(
      join(programs, 'initdb'),
      ['-D', data, '-A', 'trust', '-U', 'lockstep', '--no-sync', '--locale=C', '-E', 'UTF8'],
      { ...options, encoding: 'utf8' },
    );
    if (made.status !== 0) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
    }
    const given = Object.entries({ ...settings, unix_socket_directories: folder });
    const child = spawn(
      join(programs, 'postgres'),
      ['-D', data, ...given.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...options, stdio: 'ignore' },
    );
    const version = spawnSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' });
    const server = new PostgresServer(folder, child, version.stdout.trim());
    await server.ready();
    return server;
  }

  connect(): Promise<PostgresConnection> {
    return PostgresConnection.open(join(this.folder, '.s.PGSQL.5432'), 'lockstep', 'postgres');
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    // An immediate shutdown, because none of its data is kept.
    if (this.child.exitCode === null && this.child.kill('SIGQUIT')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      if (this.child.exitCode !== null) break;
      try {
        (await this.connect()).close();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    await this.stop();
    throw new Error('PostgreSQL did not start');
  }
}

/** PostgreSQL refuses to run as root; in that case it runs as the user `postgres` or `nobody`. */
function ownerOf(programs: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const id = (what: string) => spawnSync('id', [what, name], { encoding: 'utf8' });
    const [user, group] = [id('-u'), id('-g')];
    if (user.status === 0 && group.status === 0) {
      return { uid: Number(user.stdout), gid: Number(group.stdout) };
    }
  }
  throw new Error(`${programs}/postgres refuses to run as root, and there is no other user`);
}
