/** A real PostgreSQL as a subject: a connection for each session, and one that watches their locks. */
import { deadlockTimeoutMs, type PostgresServer } from './postgres-server.ts';
import type { PostgresConnection } from './postgres-wire.ts';
import type { Answer, Subject } from './transcript.ts';

/** The machine was too slow: which of two in a deadlock waited out its timeout first is chance. */
export class Inconclusive extends Error {}

interface Asked {
  readonly at: number;
  answer: Answer | undefined;
}

export class RealPostgres implements Subject {
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

  /** Until each statement is answered, or waits for a lock and in no circle. */
  async settle(): Promise<Answer[]> {
    const answers: Answer[] = [];
    let inCircle = false;
    for (;;) {
      // The look comes first: a statement that is not answered after it was blocked in it.
      const blockers = await this.blockers();
      for (const [session, { answer }] of this.asked) {
        if (answer === undefined) continue;
        answers.push(answer);
        this.asked.delete(session);
      }
      const open = [...this.asked.keys()];
      const pids = open.map((session) => this.connections.get(session)!.pid);
      const isQuiet = pids.every((pid) => (blockers.get(pid)?.length ?? 0) > 0);
      if (!isQuiet) continue;
      if (!hasCircle(blockers)) return answers;
      if (!inCircle) this.assertQuick();
      inCircle = true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async end(): Promise<void> {
    this.asked.clear();
  }

  /** Ends what may still run, so that the next script begins anew. */
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

  /** For each of our processes that waits for a lock, those that it waits for. */
  private async blockers(): Promise<Map<number, number[]>> {
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

  /** All in the circle asked so recently that the first to have waited is the first to look. */
  private assertQuick(): void {
    const oldest = Math.min(...[...this.asked.values()].map(({ at }) => at));
    if (performance.now() - oldest > deadlockTimeoutMs * 0.6) throw new Inconclusive();
  }
}

function hasCircle(blockers: ReadonlyMap<number, readonly number[]>): boolean {
  const reaches = (from: number, to: number, visited: Set<number>): boolean =>
    (blockers.get(from) ?? []).some((next) => {
      if (next === to) return true;
      if (visited.has(next)) return false;
      visited.add(next);
      return reaches(next, to, visited);
    });
  return [...blockers.keys()].some((pid) => reaches(pid, pid, new Set()));
}
