// The isolation table and a few transactions on a real PostgreSQL, if one is installed.
import { expect, test } from 'vitest';
import { compare } from './postgres.ts';
import { findPostgres, PostgresServer } from './postgres-server.ts';

const programs = findPostgres();

test.skipIf(programs === undefined)('the database answers as PostgreSQL does', async () => {
  const server = await PostgresServer.start(programs!);
  try {
    const { scripts, differences } = await compare(server, 1, 100);
    expect(differences).toEqual([]);
    expect(scripts).toBeGreaterThan(150);
  } finally {
    await server.stop();
  }
});
