// The isolation table and a few interleavings, run on a real PostgreSQL and on the simulation.
import { expect, test } from 'vitest';
import { isError, isOurs } from '../../src/protocols/database/sql/errors.ts';
import type { Result } from '../../src/protocols/database/state.ts';
import { compare } from './postgres.ts';
import { findPostgres, noPostgres, PostgresServer } from './postgres-server.ts';
import { Simulated } from './simulated.ts';
import { statementSetup } from './statement-setup.ts';
import { refused, statements } from './statements.ts';
import { textOf } from './transcript.ts';
import { skipUnavailable } from './unavailable.ts';

test('the simulated database answers as PostgreSQL does', async (context) => {
  const programs = findPostgres() ?? skipUnavailable(context, noPostgres);
  const server = await PostgresServer.start(programs);
  try {
    const { scripts, differences } = await compare(server, 1, 100);
    expect(differences).toEqual([]);
    expect(scripts).toBeGreaterThan(150);
    expect(await statementDifferences(server)).toEqual([]);
  } finally {
    await server.stop();
  }
});

/** The recorded statements, of which the simulation must give the same and PostgreSQL what it gave. */
async function statementDifferences(server: PostgresServer): Promise<string[]> {
  const connection = await server.connect();
  const simulated = new Simulated();
  await simulated.begin(statementSetup);
  for (const sql of statementSetup) await connection.query(sql);
  const differences: string[] = [];
  for (const [code, sql] of [...statements, ...refused]) {
    let real: Result = { type: 'done', tag: '', count: 0 };
    let own: Result = real;
    for (const part of ['BEGIN', ...sql.split(' ;; ')]) {
      real = await connection.query(part);
      simulated.send('A', part);
      own = (await simulated.settle())[0].result;
    }
    const isRefused = isError(own) && isOurs(own);
    if (!isRefused && textOf(real) !== textOf(own)) differences.push(`${sql}: ${textOf(real)}, ${textOf(own)}`);
    if ((isError(real) ? real.code : '') !== code) differences.push(`${sql}: ${textOf(real)} instead of ${code}`);
    for (const part of ['ROLLBACK', 'SELECT pg_advisory_unlock_all()', "ALTER SEQUENCE jobs_id_seq RESTART 6"]) {
      await connection.query(part);
      simulated.send('A', part);
      await simulated.settle();
    }
  }
  connection.close();
  return differences;
}
