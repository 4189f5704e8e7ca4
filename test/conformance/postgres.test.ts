// The isolation table and a few interleavings, run on a real PostgreSQL and on the simulation.
import { expect, test } from 'vitest';
import { compare } from './postgres.ts';
import { findPostgres, noPostgres, PostgresServer } from './postgres-server.ts';
import { skipUnavailable } from './unavailable.ts';

test('the simulated database answers as PostgreSQL does', async (context) => {
  const programs = findPostgres() ?? skipUnavailable(context, noPostgres);
  const server = await PostgresServer.start(programs);
  try {
    const { scripts, differences } = await compare(server, 1, 100);
    expect(differences).toEqual([]);
    expect(scripts).toBeGreaterThan(150);
  } finally {
    await server.stop();
  }
});
