// A real server as a process of our own: in a temporary folder, on loopback, at free ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Servers that run now, and their folders. A process that is interrupted must not leave them behind. */
const running = new Set<ChildProcess>();
const folders = new Set<string>();
let isGuarded = false;

function guard(): void {
  if (isGuarded) return;
  isGuarded = true;
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL');
    for (const folder of folders) remove(folder);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(130));
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}

export class ServerProcess {
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
    private readonly folder: string,
  ) {}

  start(): void {
    guard();
    const child = spawn(this.program, this.args, { cwd: this.folder, stdio: 'ignore' });
    this.child = child;
    running.add(child);
    this.exited = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    void this.exited.then(() => running.delete(child));
  }

  get isRunning(): boolean {
    return this.child !== undefined && running.has(this.child);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  /** Ends the process at once, also a stopped one. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.exited;
  }
}

/** A temporary folder, and how to remove it. */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  guard();
  const path = mkdtempSync(join(tmpdir(), `lockstep-${name}-`));
  folders.add(path);
  return { path, remove: () => remove(path) };
}

/** All are reserved before the first is released, so that no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, () => new Promise<Server>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => resolve(probe));
    })),
  );
  const ports = probes.map((probe) => {
    const address = probe.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
