/** A PostgreSQL server of our own: installed programs, a temporary directory, removed afterwards. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { eventually } from '../host/eventually.mjs';
import { PostgresConnection } from './postgres-wire.ts';

export const noPostgres = 'PostgreSQL is not installed. Install it (Debian package: postgresql).';

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
    // A symbolic link leads to the folder that contains all of its programs.
    const real = dirname(realpathSync(join(folder, 'postgres')));
    if (existsSync(join(real, 'initdb'))) return real;
  }
  return undefined;
}

/** No background work, so that nothing happens between two statements. */
const settings = {
  listen_addresses: '',
  autovacuum: 'off',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  jit: 'off',
  shared_buffers: '16MB',
  max_connections: '20',
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
    const initialized = spawnSync(
      join(programs, 'initdb'),
      ['-D', data, '-A', 'trust', '-U', 'lockstep', '--no-sync', '--locale=C', '-E', 'UTF8'],
      { ...options, encoding: 'utf8' },
    );
    if (initialized.status !== 0) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`initdb failed: ${initialized.stderr || initialized.error?.message}`);
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
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    // An immediate shutdown: its data is not needed any more.
    if (this.child.exitCode === null && this.child.kill('SIGQUIT')) await exited;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const connect = () => {
      if (this.child.exitCode !== null) throw new Error('PostgreSQL exited instead of listening');
      return this.connect().catch(() => undefined);
    };
    try {
      (await eventually(connect, 'a connection to PostgreSQL')).close();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }
}

/** PostgreSQL refuses to run as root. It then runs as the user `postgres` or `nobody`. */
function ownerOf(programs: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const id = (option: string) => spawnSync('id', [option, name], { encoding: 'utf8' });
    const [user, group] = [id('-u'), id('-g')];
    if (user.status === 0 && group.status === 0) {
      return { uid: Number(user.stdout), gid: Number(group.stdout) };
    }
  }
  throw new Error(`${programs}/postgres refuses to run as root, and there is no other user`);
}
