/** Transactions side by side as a text: who says what, who waits, who is answered what. */
import { isError } from '../../src/protocols/database/syntax.ts';
import { summary } from '../../src/protocols/database/server.ts';
import type { Result } from '../../src/protocols/database/state.ts';

export interface Script {
  readonly name: string;
  /** Statements that make the tables, before the sessions begin. */
  readonly setup: readonly string[];
  /** Who says what, in this order; what a session is to say while it waits is left out. */
  readonly steps: readonly (readonly [session: string, sql: string])[];
  /** What is asked when all is over. */
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
  /** Everything that is answered before nothing more happens by itself. */
  settle(): Promise<Answer[]>;
  end(): Promise<void>;
}

/** Plays a script; in the end every transaction is rolled back and the tables are looked at. */
export async function transcript(script: Script, subject: Subject): Promise<string[]> {
  await subject.begin(script.setup);
  const lines: string[] = [];
  const waiting = new Set<string>();
  let isOver = false;
  const sessions = [...new Set(script.steps.map(([session]) => session))].sort();
  const say = async (session: string, sql: string): Promise<void> => {
    if (waiting.has(session)) return;
    subject.send(session, sql);
    waiting.add(session);
    const answers = await subject.settle();
    const own = answers.find((one) => one.session === session);
    // That a session ends what it had ended before tells nothing.
    if (!isOver) lines.push(`${session}: ${sql}  →  ${own ? textOf(own.result) : 'waits'}`);
    const others = answers.filter((one) => one !== own);
    others.sort((a, b) => (a.session < b.session ? -1 : 1));
    for (const other of others) lines.push(`${other.session}  →  ${textOf(other.result)}`);
    for (const one of answers) waiting.delete(one.session);
  };
  for (const [session, sql] of script.steps) await say(session, sql);
  isOver = true;
  for (let round = 0; round < sessions.length; round++) {
    for (const session of sessions) await say(session, 'ROLLBACK');
  }
  isOver = false;
  await say(sessions[0], script.finally);
  await subject.end();
  return lines;
}

export function textOf(result: Result): string {
  return isError(result) ? `ERROR ${result.code}: ${result.message}` : String(summary(result));
}
