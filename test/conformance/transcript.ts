/** Runs concurrent transactions and writes down each statement, its answer, and which session waits. */
import { isError } from '../../src/protocols/database/sql/errors.ts';
import { summary } from '../../src/protocols/database/sessions/queries.ts';
import type { Result } from '../../src/protocols/database/state.ts';

export interface Script {
  readonly name: string;
  /** Statements that create the tables, before the sessions begin. */
  readonly setup: readonly string[];
  /** The statements in order; a session that still waits skips its next ones. */
  readonly steps: readonly (readonly [session: string, sql: string])[];
  /** The query that reads the final rows. */
  readonly finally: string;
}

export interface Answer {
  readonly session: string;
  readonly result: Result;
}

/** A database under test: the real one, or the simulation. */
export interface Subject {
  begin(setup: readonly string[]): Promise<void>;
  send(session: string, sql: string): void;
  /** Every answer that arrives before all remaining sessions wait for each other's locks. */
  settle(): Promise<Answer[]>;
  end(): Promise<void>;
}

/** Runs a script. At the end every transaction is rolled back and the rows are read. */
export async function transcript(script: Script, subject: Subject): Promise<string[]> {
  await subject.begin(script.setup);
  const lines: string[] = [];
  const waiting = new Set<string>();
  let isCleaningUp = false;
  const sessions = [...new Set(script.steps.map(([session]) => session))].sort();
  const run = async (session: string, sql: string): Promise<void> => {
    if (waiting.has(session)) return;
    subject.send(session, sql);
    waiting.add(session);
    const answers = await subject.settle();
    const own = answers.find((one) => one.session === session);
    // The answers to the final ROLLBACKs are the same for every script.
    if (!isCleaningUp) lines.push(`${session}: ${sql}  →  ${own ? textOf(own.result) : 'waits'}`);
    const others = answers.filter((one) => one !== own);
    others.sort((a, b) => (a.session < b.session ? -1 : 1));
    for (const other of others) lines.push(`${other.session}  →  ${textOf(other.result)}`);
    for (const one of answers) waiting.delete(one.session);
  };
  for (const [session, sql] of script.steps) await run(session, sql);
  isCleaningUp = true;
  for (let round = 0; round < sessions.length; round++) {
    for (const session of sessions) await run(session, 'ROLLBACK');
  }
  isCleaningUp = false;
  await run(sessions[0], script.finally);
  await subject.end();
  return lines;
}

export function textOf(result: Result): string {
  return isError(result) ? `ERROR ${result.code}: ${result.message}` : String(summary(result));
}
