/** Serializable transactions are serial: some serial order explains what random ones saw. */
import { expect, test } from 'vitest';
import { interleaving, type Mix, serializable } from '../conformance/interleavings.ts';
import { setup } from '../conformance/isolation-table.ts';
import { Simulated } from '../conformance/simulated.ts';
import { textOf } from '../conformance/transcript.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 150);

interface Statement {
  readonly sql: string;
  answer: string;
}

/** A transaction that committed: its statements and their answers. */
type Committed = readonly Statement[];

const rows = 'SELECT id, value, ver FROM test';

/** An answer without the order of its rows, which SQL does not define. */
function unordered(answer: string): string {
  if (!answer.startsWith('(')) return answer;
  return answer.slice(1, -1).split('), (').sort().join('; ');
}

/** Interleaves the transactions; returns those that committed, and the final rows. */
async function played(seed: number, mix: Mix): Promise<{ committed: Committed[]; end: string }> {
  const { steps } = interleaving(seed, mix);
  const subject = new Simulated();
  await subject.begin(setup);
  const open: Record<string, Statement[]> = {};
  const waiting = new Set<string>();
  const committed: Committed[] = [];
  const execute = async (session: string, sql: string): Promise<void> => {
    if (waiting.has(session)) return;
    (open[session] ??= []).push({ sql, answer: '' });
    waiting.add(session);
    subject.send(session, sql);
    for (const { session: one, result } of await subject.settle()) {
      waiting.delete(one);
      const answer = textOf(result);
      open[one].at(-1)!.answer = answer;
      if (answer === 'COMMIT') committed.push(open[one].splice(0).slice(1, -1));
    }
  };
  for (const [session, sql] of steps) await execute(session, sql);
  for (let round = 0; round < 3; round++) for (const one of mix.sessions) await execute(one, 'ROLLBACK');
  return { committed, end: unordered(await ask(subject, rows)) };
}

async function ask(subject: Simulated, sql: string): Promise<string> {
  subject.send('D', sql);
  return textOf((await subject.settle())[0].result);
}

/** Whether these transactions, one after the other, have the same answers and final rows. */
async function explains(order: readonly Committed[], end: string): Promise<boolean> {
  const subject = new Simulated();
  await subject.begin(setup);
  for (const transaction of order) {
    for (const { sql, answer } of transaction) {
      if (unordered(await ask(subject, sql)) !== unordered(answer)) return false;
    }
  }
  return unordered(await ask(subject, rows)) === end;
}

function orders<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one, i) =>
    orders([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [one, ...rest]),
  );
}

async function isSerial(seed: number, mix: Mix): Promise<boolean> {
  const { committed, end } = await played(seed, mix);
  for (const order of orders(committed)) if (await explains(order, end)) return true;
  return false;
}

test(`${seeds} runs of three serializable transactions are serial`, async () => {
  const notSerial: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    if (!(await isSerial(seed, serializable))) notSerial.push(seed);
  }
  expect(notSerial).toEqual([]);
});

test.each(['repeatable read', 'read committed'])('runs under %s are not all serial', async (level) => {
  const mix = { ...serializable, levels: [level] };
  let found = 0;
  for (let seed = 1; seed <= seeds && found === 0; seed++) if (!(await isSerial(seed, mix))) found = seed;
  expect(found).toBeGreaterThan(0);
});
