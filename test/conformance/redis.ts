// Sends random commands to a real redis-server and to the simulation, and compares every reply.
import { parseArgs } from 'node:util';
import { type Database, execute } from '../../src/protocols/redis/commands.ts';
import type { Reply } from '../../src/protocols/redis/script.ts';
import { commandsOf, expiringKeys } from './redis-commands.ts';
import { type RedisServer, redisVersion, startRedis } from './redis-server.ts';

export interface Difference {
  readonly number: number;
  readonly command: string;
  readonly real: Reply;
  readonly simulated: Reply;
}

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** How far a time to live may differ, because the two servers are queried one after the other. */
const toleranceMs = 1_500;

export async function redisConformance(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, count: { type: 'string' } },
  });
  const seed = Number(values.seed ?? 1);
  const count = Number(values.count ?? 4_000);
  if (redisVersion() === undefined) {
    console.log('redis: skipped. There is no redis-server on PATH (Debian: redis-server).');
    return 0;
  }
  const server = await startRedis();
  try {
    const random = await compareRandom(server, seed, count);
    const expiry = await compareExpiry(server, seed);
    const differences = [...random.differences, ...expiry.differences];
    for (const one of differences.slice(0, 20)) console.log(differenceText(one));
    const compared = random.compared + expiry.compared;
    const result = `${compared} replies compared, ${differences.length} different`;
    console.log(`redis: ${result} (redis-server ${server.version}, seed ${seed})`);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await server.stop();
  }
}

export function differenceText({ number, command, real, simulated }: Difference): string {
  const [server, simulation] = [real, simulated].map((reply) => JSON.stringify(reply));
  return `  ${number}. ${command}\n     redis-server: ${server}\n     simulation:   ${simulation}`;
}

/** Random commands whose times to live are either over already or last longer than the test. */
export async function compareRandom(
  { client }: RedisServer,
  seed: number,
  count: number,
): Promise<Comparison> {
  const database = emptyDatabase();
  await client.send(['FLUSHALL']);
  await client.send(['SCRIPT', 'FLUSH']);
  const differences: Difference[] = [];
  let number = 0;
  for (const args of commandsOf(seed, count, () => Date.now())) {
    number++;
    const real = await client.send(args);
    const simulated = execute(database, args, Date.now());
    if (alike(real, simulated, isTime(args))) continue;
    const command = args.map((word) => JSON.stringify(word)).join(' ');
    differences.push({ number, command, real, simulated });
    if (differences.length >= 100) break;
  }
  return { compared: number, differences };
}

/** Short times to live, read well before and well after they expire in real time. */
export async function compareExpiry({ client }: RedisServer, seed: number): Promise<Comparison> {
  const database = emptyDatabase();
  await client.send(['FLUSHALL']);
  const differences: Difference[] = [];
  let compared = 0;
  const both = async (args: readonly string[]) => {
    compared++;
    const real = await client.send(args);
    const simulated = execute(database, args, Date.now());
    if (alike(real, simulated, isTime(args))) return;
    differences.push({ number: compared, command: args.join(' '), real, simulated });
  };
  const keys = expiringKeys(seed);
  for (const { setup } of keys) for (const args of setup) await both(args);
  for (const { key } of keys) for (const name of ['GET', 'PTTL', 'EXISTS']) await both([name, key]);
  await new Promise((resolve) => setTimeout(resolve, 900));
  for (const { key } of keys) {
    await both(['GET', key]);
    await both(['PTTL', key]);
    await both(['SET', key, 'next', 'NX', 'PX', '60000']);
    await both(['INCR', `${key}:count`]);
    await both(['DEL', key]);
  }
  return { compared, differences };
}

function emptyDatabase(): Database {
  return { entries: {}, scripts: {}, dirty: [] };
}

/** Whether the reply may contain a time to live; a script that is named by its SHA-1 might. */
function isTime(args: readonly string[]): boolean {
  return /ttl|evalsha/i.test(args.join(' '));
}

function alike(real: Reply, simulated: Reply, isTimeToLive: boolean): boolean {
  if (typeof real === 'number' && typeof simulated === 'number' && isTimeToLive) {
    // −1 and −2 are codes, not times.
    if (real < 0 || simulated < 0) return real === simulated;
    return Math.abs(real - simulated) <= toleranceMs;
  }
  if (Array.isArray(real) && Array.isArray(simulated)) {
    if (real.length !== simulated.length) return false;
    return real.every((item: Reply, i) => alike(item, simulated[i] as Reply, isTimeToLive));
  }
  return JSON.stringify(real) === JSON.stringify(simulated);
}
