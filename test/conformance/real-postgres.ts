/** A real PostgreSQL as a subject: a connection for each session, and one that watches their locks. */
import { deadlockTimeoutMs, type PostgresServer } from './postgres-server.ts';
import { isError } from '../../src/protocols/database/syntax.ts';
import type { PostgresConnection } from './postgres-wire.ts';
import type { Answer, Subject } from './transcript.ts';

/** The machine was too slow: it is random which session of a deadlock reached its timeout first. */
export class Inconclusive extends Error {}

/** For each process, the processes that it waits for. */
type Blockers = ReadonlyMap<number, readonly number[]>;

interface Asked {
  readonly at: number;
  answer: Answer | undefined;
}

export class RealPostgres implements Subject {
  /** Whether to reject a deadlock as inconclusive if its victim was not the first to wait. */
  strict = true;
  private readonly connections = new Map<string, PostgresConnection>();
  private readonly asked = new Map<string, Asked>();

  private constructor(private readonly watcher: PostgresConnection) {}

  static async open(server: PostgresServer, sessions: readonly string[]): Promise<RealPostgres> {
    const subject = new RealPostgres(await server.connect());
    for (const session of sessions) subject.connections.set(session, await server.connect());
    return subject;
  }

  async begin(setup: readonly string[]): Promise<void> {
    for (const sql of setup) {
      const result = await this.watcher.query(sql);
      if (result.type === 'error') throw new Error(`${sql}: ${result.message}`);
    }
  }

  send(session: string, sql: string): void {
    const asked: Asked = { at: performance.now(), answer: undefined };
    this.asked.set(session, asked);
    void this.connections
      .get(session)!
      .query(sql)
      .then((result) => (asked.answer = { session, result }));
  }

  /** Waits until each statement is answered, or waits for a lock without being in a deadlock. */
  async settle(): Promise<Answer[]> {
    const answers: Answer[] = [];
    /** The session of a deadlock that waited first: it checks first, so it is the victim. */
    let first: string | undefined;
    for (;;) {
      const before = answers.length;
      const blockers = await this.blockers();
      for (const [session, { answer }] of this.asked) {
        if (answer === undefined) continue;
        answers.push(answer);
        this.asked.delete(session);
        const { result } = answer;
        const isVictim = isError(result) && result.code === '40P01';
        if (this.strict && isVictim && session !== first) throw new Inconclusive();
      }
      // These answers may have let other sessions continue, so all are checked again.
      if (answers.length > before) continue;
      const open = [...this.asked.keys()];
      const pids = open.map((session) => this.connections.get(session)!.pid);
      const isQuiet = pids.every((pid) => (blockers.get(pid)?.length ?? 0) > 0);
      if (!isQuiet) continue;
      if (!hasCircle(blockers)) return answers;
      first ??= this.firstToWait(blockers);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async end(): Promise<void> {
    this.asked.clear();
  }

  /** Cancels what may still be running before the next script. */
  async reset(): Promise<void> {
    await this.watcher.query(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    );
    while ([...this.asked.values()].some(({ answer }) => answer === undefined)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.asked.clear();
    for (const connection of this.connections.values()) await connection.query('ROLLBACK');
  }

  close(): void {
    this.watcher.close();
    for (const connection of this.connections.values()) connection.close();
  }

  /** For each of our processes that waits for a lock, the processes that it waits for. */
  private async blockers(): Promise<Blockers> {
    const pids = [...this.asked.keys()].map((session) => this.connections.get(session)!.pid);
    if (pids.length === 0) return new Map();
    const list = pids.join(', ');
    const result = await this.watcher.query(
      `SELECT pid, array_to_string(pg_blocking_pids(pid), ' ') FROM unnest(ARRAY[${list}]) AS pid`,
    );
    if (result.type !== 'rows') throw new Error('no rows');
    return new Map(
      result.rows.map(([pid, text]) => {
        const words = String(text).split(' ').filter((word) => word !== '');
        return [Number(pid), words.map(Number)];
      }),
    );
  }

  /** Throws if it has waited so long that it may have checked before the cycle was complete. */
  private firstToWait(blockers: Blockers): string {
    const circle = [...this.asked].filter(([session]) => {
      const { pid } = this.connections.get(session)!;
      return reaches(blockers, pid, pid);
    });
    const [session, { at }] = circle.reduce((a, b) => (b[1].at < a[1].at ? b : a));
    if (this.strict && performance.now() - at > deadlockTimeoutMs * 0.6) throw new Inconclusive();
    return session;
  }
}

function hasCircle(blockers: Blockers): boolean {
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
