// Sends the same random commands to a real redis-server and to the simulation, and compares every reply.
import { parseArgs } from 'node:util';
import { isList, type Reply } from '../../src/protocols/redis/reply.ts';
import { SimulatedRedis } from './redis-simulated.ts';
import { commandsOf, expiringKeys } from './redis-commands.ts';
import { noRedis, type RedisServer, redisVersion, startRedis } from './redis-server.ts';
import type { SuiteResult } from './suite.ts';

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

/**
 * By how much a time to live may differ, because the two servers execute a command one after the
 * other. All times in the random commands differ by more than that.
 */
const toleranceMs = 30_000;

export async function redisConformance(args: readonly string[]): Promise<SuiteResult> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, count: { type: 'string' } },
  });
  const seed = Number(values.seed ?? 1);
  const count = Number(values.count ?? 4_000);
  if (redisVersion() === undefined) return { type: 'unavailable', reason: noRedis };
  const server = await startRedis();
  try {
    const random = await compareRandom(server, seed, count);
    const expiry = await compareExpiry(server, seed);
    const differences = [...random.differences, ...expiry.differences];
    for (const one of differences.slice(0, 20)) console.log(describeDifference(one));
    const compared = random.compared + expiry.compared;
    const result = `${compared} replies compared, ${differences.length} different`;
    console.log(`redis: ${result} (redis-server ${server.version}, seed ${seed})`);
    return { type: differences.length === 0 ? 'equal' : 'different' };
  } finally {
    await server.stop();
  }
}

export function describeDifference({ number, command, real, simulated }: Difference): string {
  const [server, simulation] = [real, simulated].map((reply) => JSON.stringify(reply));
  return `  ${number}. ${command}\n     redis-server: ${server}\n     simulation:   ${simulation}`;
}

/** Random commands, with times to live that have either expired already or are far from expiring. */
export async function compareRandom(
  { client }: RedisServer,
  seed: number,
  count: number,
): Promise<Comparison> {
  const simulation = new SimulatedRedis(() => Date.now());
  // A transaction, or another database, may be left from before.
  await client.send(['RESET']);
  await client.send(['FLUSHALL']);
  await client.send(['SCRIPT', 'FLUSH']);
  await client.send(['CONFIG', 'SET', 'notify-keyspace-events', '', 'min-replicas-max-lag', '10']);
  const differences: Difference[] = [];
  let number = 0;
  for (const args of commandsOf(seed, count, () => Date.now())) {
    number++;
    const real = await client.send(args);
    const simulated = simulation.send(args);
    if (areAlike(...sorted(args, real, simulated), timeTolerance(args))) continue;
    const command = args.map((word) => JSON.stringify(word)).join(' ');
    differences.push({ number, command, real, simulated });
    if (differences.length >= 100) break;
  }
  return { compared: number, differences };
}

/**
 * Short times to live, read well before and well after they expire. Redis has no clock that can be
 * set, so this waits in real time and needs an idle machine: only `npm run conformance` does it.
 */
export async function compareExpiry({ client }: RedisServer, seed: number): Promise<Comparison> {
  const simulation = new SimulatedRedis(() => Date.now());
  // A transaction, or another database, may be left from before.
  await client.send(['RESET']);
  await client.send(['FLUSHALL']);
  const differences: Difference[] = [];
  let compared = 0;
  const compare = async (args: readonly string[]) => {
    compared++;
    const real = await client.send(args);
    const simulated = simulation.send(args);
    if (areAlike(real, simulated, timeTolerance(args))) return;
    differences.push({ number: compared, command: args.join(' '), real, simulated });
  };
  const keys = expiringKeys(seed);
  for (const { setup } of keys) for (const args of setup) await compare(args);
  for (const { key } of keys) {
    for (const name of ['GET', 'PTTL', 'EXISTS']) await compare([name, key]);
  }
  await new Promise((resolve) => setTimeout(resolve, 900));
  for (const { key } of keys) {
    await compare(['GET', key]);
    await compare(['PTTL', key]);
    await compare(['SET', key, 'next', 'NX', 'PX', '60000']);
    await compare(['INCR', `${key}:count`]);
    await compare(['DEL', key]);
  }
  return { compared, differences };
}

/**
 * By how much numbers in the reply may differ: 0, unless they can be times to live, in seconds or
 * milliseconds. EVALSHA and EXEC do not show which commands they run, so they get the wider limit.
 */
function timeTolerance(args: readonly string[]): number {
  const words = args.join(' ');
  if (/pttl|evalsha|exec/i.test(words)) return toleranceMs;
  return /ttl/i.test(words) ? toleranceMs / 1000 : 0;
}

/** The members of a set of strings have no order, in the replies of a transaction either. */
function sorted(args: readonly string[], real: Reply, simulated: Reply): [Reply, Reply] {
  const isTransaction = /^exec$/i.test(args[0]);
  if (isTransaction && isList(real) && isList(simulated)) {
    const all = (replies: Reply): Reply =>
      isList(replies) ? [...replies!].map((one) => (isList(one) ? [...one!].sort() : one)) : replies;
    return [all(real), all(simulated)];
  }
  const isSet = /^(smembers|sinter|sunion|sdiff)$/i.test(args[0]) && isList(real);
  if (!isSet || !isList(simulated)) return [real, simulated];
  return [[...real!].sort(), [...simulated!].sort()];
}

function areAlike(real: Reply, simulated: Reply, tolerance: number): boolean {
  if (typeof real === 'number' && typeof simulated === 'number') {
    // −1 (no time to live) and −2 (no such key) are not times.
    if (real < 0 || simulated < 0) return real === simulated;
    return Math.abs(real - simulated) <= tolerance;
  }
  if (Array.isArray(real) && Array.isArray(simulated)) {
    if (real.length !== simulated.length) return false;
    return real.every((item: Reply, i) => areAlike(item, simulated[i] as Reply, tolerance));
  }
  return JSON.stringify(real) === JSON.stringify(simulated);
}
