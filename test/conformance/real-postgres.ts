/** A real PostgreSQL under test: a connection per session, and one that watches their locks. */
import { isError } from '../../src/protocols/database/sql/errors.ts';
import type { PostgresServer } from './postgres-server.ts';
import type { PostgresConnection } from './postgres-wire.ts';
import type { Answer, Subject } from './transcript.ts';

/** The machine was too slow to tell which session of a deadlock began to wait first. */
export class Inconclusive extends Error {}

/** For each process, the processes that it waits for. */
type Blockers = ReadonlyMap<number, readonly number[]>;

interface Pending {
  readonly sentAt: number;
  answer: Answer | undefined;
}

/** The part of the deadlock timeout within which a cycle must be seen. */
const visibleWithin = 0.6;
const pollMs = 10;

export class RealPostgres implements Subject {
  /** Whether a deadlock with an unexpected victim is reported as inconclusive. */
  strict = true;
  private timeoutMs = 0;
  private readonly connections = new Map<string, PostgresConnection>();
  private readonly pending = new Map<string, Pending>();

  private constructor(private readonly watcher: PostgresConnection) {}

  static async open(server: PostgresServer, sessions: readonly string[]): Promise<RealPostgres> {
    const subject = new RealPostgres(await server.connect());
    for (const session of sessions) subject.connections.set(session, await server.connect());
    return subject;
  }

  /**
   * A session checks for a deadlock once it has waited this long, and becomes the victim if it finds
   * one. The session that waited first is the victim only if the cycle exists by then. On a slow
   * machine that needs a longer timeout.
   */
  async setDeadlockTimeout(timeoutMs: number): Promise<void> {
    if (this.timeoutMs === timeoutMs) return;
    this.timeoutMs = timeoutMs;
    const sql = `SET deadlock_timeout = '${timeoutMs}ms'`;
    for (const connection of this.connections.values()) await connection.query(sql);
  }

  async begin(setup: readonly string[]): Promise<void> {
    for (const sql of setup) {
      const result = await this.watcher.query(sql);
      if (result.type === 'error') throw new Error(`${sql}: ${result.message}`);
    }
  }

  send(session: string, sql: string): void {
    const pending: Pending = { sentAt: performance.now(), answer: undefined };
    this.pending.set(session, pending);
    void this.connections
      .get(session)!
      .query(sql)
      .then((result) => (pending.answer = { session, result }));
  }

  /** Waits until each statement is answered or waits for a lock outside any cycle. */
  async settle(): Promise<Answer[]> {
    const answers: Answer[] = [];
    /** The session of a cycle that waited first: it checks first and is the expected victim. */
    let expectedVictim: string | undefined;
    for (;;) {
      const before = answers.length;
      const blockers = await this.blockers();
      for (const [session, { answer }] of this.pending) {
        if (answer === undefined) continue;
        answers.push(answer);
        this.pending.delete(session);
        const { result } = answer;
        const isVictim = isError(result) && result.code === '40P01';
        if (this.strict && isVictim && session !== expectedVictim) throw new Inconclusive();
      }
      // An answer may have released locks that others wait for: check those again.
      if (answers.length > before) continue;
      const open = [...this.pending.keys()];
      const pids = open.map((session) => this.connections.get(session)!.pid);
      const allWait = pids.every((pid) => (blockers.get(pid)?.length ?? 0) > 0);
      if (!allWait) continue;
      if (!hasCycle(blockers)) return answers;
      expectedVictim ??= this.firstInCycle(blockers);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  async end(): Promise<void> {
    this.pending.clear();
  }

  /** Cancels whatever is still running, so that the next script starts clean. */
  async reset(): Promise<void> {
    await this.watcher.query(
      'SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    while ([...this.pending.values()].some(({ answer }) => answer === undefined)) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    this.pending.clear();
    for (const connection of this.connections.values()) await connection.query('ROLLBACK');
  }

  close(): void {
    this.watcher.close();
    for (const connection of this.connections.values()) connection.close();
  }

  /** For each of our processes that waits for a lock, the processes that hold it. */
  private async blockers(): Promise<Blockers> {
    const pids = [...this.pending.keys()].map((session) => this.connections.get(session)!.pid);
    if (pids.length === 0) return new Map();
    const list = pids.join(', ');
    const result = await this.watcher.query(
      `SELECT pid, array_to_string(pg_blocking_pids(pid), ' ') FROM unnest(ARRAY[${list}]) AS pid`,
    );
    if (result.type !== 'rows') throw new Error('pg_blocking_pids returned no rows');
    return new Map(
      result.rows.map(([pid, holders]) => {
        const words = String(holders).split(' ').filter((word) => word !== '');
        return [Number(pid), words.map(Number)];
      }),
    );
  }

  /** Throws if that session has waited so long that it may have checked before the cycle existed. */
  private firstInCycle(blockers: Blockers): string {
    const cycle = [...this.pending].filter(([session]) => {
      const { pid } = this.connections.get(session)!;
      return reaches(blockers, pid, pid);
    });
    const [session, { sentAt }] = cycle.reduce((a, b) => (b[1].sentAt < a[1].sentAt ? b : a));
    const waitedMs = performance.now() - sentAt;
    if (this.strict && waitedMs > this.timeoutMs * visibleWithin) throw new Inconclusive();
    return session;
  }
}

function hasCycle(blockers: Blockers): boolean {
  return [...blockers.keys()].some((pid) => reaches(blockers, pid, pid));
}

function reaches(
  blockers: Blockers,
  from: number,
  to: number,
  visited: ReadonlySet<number> = new Set(),
): boolean {
  return (blockers.get(from) ?? []).some((next) => {
    if (next === to) return true;
    return !visited.has(next) && reaches(blockers, next, to, new Set([...visited, next]));
  });
}
