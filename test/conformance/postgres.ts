// Runs the same transactions on a real PostgreSQL and on the simulation, and compares every answer and wait.
import { parseArgs } from 'node:util';
import {
  interleaving, keyless, type Mix, pivots, serializable, threeSessions, twoSessions,
} from './interleavings.ts';
import { cells } from './isolation-table.ts';
import { lockMixes } from './lock-mixes.ts';
import { queueMixes } from './queue-mixes.ts';
import { sessionScripts } from './session-cases.ts';
import { sqlScripts } from './sql-cases.ts';
import { findPostgres, noPostgres, PostgresServer } from './postgres-server.ts';
import { Inconclusive, RealPostgres } from './real-postgres.ts';
import { Simulated } from './simulated.ts';
import type { SuiteResult } from './suite.ts';
import { type Script, transcript } from './transcript.ts';

export interface Comparison {
  scripts: number;
  /** Scripts with more than one outcome on PostgreSQL itself: two sessions waited for a third. */
  races: number;
  /** How many answers and waits were compared. */
  answers: number;
  /** How many of the answers were errors, by SQLSTATE. */
  readonly errors: Record<string, number>;
  readonly differences: string[];
}

export async function postgresConformance(args: readonly string[]): Promise<SuiteResult> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, count: { type: 'string' } },
  });
  const seed = Number(values.seed ?? 1);
  const count = Number(values.count ?? 500);
  const programs = findPostgres();
  if (programs === undefined) return { type: 'unavailable', reason: noPostgres };
  const server = await PostgresServer.start(programs);
  try {
    const found = await compare(server, seed, count);
    for (const one of found.differences.slice(0, 5)) console.log(one);
    const { scripts, races, answers, differences } = found;
    const fixed = sqlScripts.length + sessionScripts.length;
    const kinds = Object.entries(found.errors).map(([code, times]) => `${code} ${times} times`);
    console.log(`postgres: the answers include the errors ${kinds.join(', ')}`);
    console.log(
      `postgres: ${cells.length} cells of the isolation table, ${fixed} lists of ` +
        `statements and ${scripts - cells.length - fixed} interleavings compared, ${answers} answers, ${differences.length} transcripts different, ` +
        `${races} with several outcomes on PostgreSQL itself (${server.version}, seed ${seed})`,
    );
    return { type: differences.length === 0 ? 'equal' : 'different' };
  } finally {
    await server.stop();
  }
}

/** Short, because each deadlock takes this long; doubled while the machine is too slow for it. */
const deadlockTimeoutMs = 200;

const mixes: readonly Mix[] = [
  twoSessions, pivots, threeSessions, twoSessions, pivots, serializable, keyless,
  ...lockMixes, ...queueMixes,
];

/** Compares the isolation table and `count` interleavings, whose seeds follow from `seed`. */
export async function compare(
  server: PostgresServer,
  seed: number,
  count: number,
): Promise<Comparison> {
  const real = await RealPostgres.open(server, ['A', 'B', 'C']);
  const found: Comparison = { scripts: 0, races: 0, answers: 0, errors: {}, differences: [] };
  for (const { script } of cells) await compareScript(real, script, found);
  for (const script of [...sqlScripts, ...sessionScripts]) await compareScript(real, script, found);
  for (let i = 0; i < count; i++) {
    await compareScript(real, interleaving(seed * 1_000_003 + i, mixes[i % mixes.length]), found);
  }
  real.close();
  return found;
}

async function compareScript(real: RealPostgres, script: Script, found: Comparison): Promise<void> {
  const simulated = await transcript(script, new Simulated());
  const expected = await playReal(real, script);
  found.scripts++;
  found.answers += expected.length;
  for (const line of expected) {
    const code = /→  ERROR (\w+)/.exec(line)?.[1];
    if (code !== undefined) found.errors[code] = (found.errors[code] ?? 0) + 1;
  }
  if (expected.join('\n') === simulated.join('\n')) return;
  if (canRace(expected) && (await hasOtherOutcome(real, script, expected, simulated))) {
    found.races++;
    return;
  }
  const at = expected.findIndex((line, i) => line !== simulated[i]);
  const before = expected.slice(0, Math.max(at, 0)).map((line) => `    ${line}`);
  found.differences.push(
    [
      `${script.name}:`,
      ...before,
      `  PostgreSQL:  ${expected[at]}`,
      `  simulation:  ${simulated[at]}`,
    ].join('\n'),
  );
}

/** Whether two sessions waited at the same time. */
function canRace(lines: readonly string[]): boolean {
  let waiting = 0;
  return lines.some((line) => {
    if (line.endsWith('→  waits')) waiting++;
    else if (/^\w  →/.test(line)) waiting--;
    return waiting > 1;
  });
}

/** Repeats a script until PostgreSQL itself produces another outcome, perhaps the simulated one. */
async function hasOtherOutcome(
  real: RealPostgres,
  script: Script,
  first: readonly string[],
  simulated: readonly string[],
): Promise<boolean> {
  let differs = false;
  for (let attempt = 0; attempt < 60; attempt++) {
    const lines = await playReal(real, script);
    if (lines.join('\n') === simulated.join('\n')) return true;
    differs ||= lines.join('\n') !== first.join('\n');
  }
  return differs;
}

/** After this many inconclusive attempts the result is not an accident: it is compared as it is. */
const attemptsMax = 10;

async function playReal(real: RealPostgres, script: Script): Promise<string[]> {
  const fresh = { ...script, setup: ['DROP TABLE IF EXISTS test CASCADE', ...script.setup] };
  for (let attempt = 0; ; attempt++) {
    real.strict = attempt < attemptsMax;
    await real.setDeadlockTimeout(deadlockTimeoutMs * 2 ** Math.min(attempt >> 1, 4));
    try {
      return await transcript(fresh, real);
    } catch (error) {
      if (!(error instanceof Inconclusive)) throw error;
      await real.reset();
    }
  }
}
