/** Redis as the queue sees it: how it is reached, and which workers say that they are there. */
import type { Redis } from 'ioredis';
import type { QueueLibrary } from './library.ts';

/** How long a command waits for a Redis that does not answer. */
const connectMsMost = 10_000;
const connectMsEach = 3_000;
/** A worker says so often that it is there, and is taken for gone after so long. */
export const presenceMs = 3_000;
const presenceSeconds = 10;

const prefix = 'lockstep:worker:';

/** What a worker says of itself. */
export interface Presence {
  readonly queue: string;
  readonly version: string;
  readonly build: string;
  readonly host: string;
  readonly threads: number;
}

export function urlProblem(url: unknown): string | undefined {
  const isUrl = typeof url === 'string' && /^rediss?:\/\/\S+$/.test(url) && URL.canParse(url);
  if (isUrl) return undefined;
  return `--queue must be the address of a Redis, such as redis://127.0.0.1:6379, not \`${url}\``;
}

/** Without the password. */
export function shownUrl(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}

/** A connection, or why there is none. Later interruptions are bridged by the client. */
export async function connect(
  { Redis: Client }: QueueLibrary,
  url: string,
): Promise<Redis | { readonly problem: string }> {
  const end = Date.now() + connectMsMost;
  let isReady = false;
  let why = '';
  const redis = new Client(url, {
    lazyConnect: true,
    connectTimeout: connectMsEach,
    // What waits for jobs waits without end; the others have a limit of their own.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => {
      if (!isReady && Date.now() > end) return null;
      return Math.min(times * 200, 2_000);
    },
  });
  redis.on('error', (error: Error) => (why = error.message));
  const ready = redis.connect().then(() => redis.ping());
  const outcome = await Promise.race([
    ready.then(() => 'ready', (error: Error) => (why ||= error.message)),
    new Promise((resolve) => redis.once('end', () => resolve('end'))),
    waited(connectMsMost),
  ]);
  isReady = outcome === 'ready';
  if (isReady) return redis;
  redis.disconnect();
  const how = 'start one, or give the address of one that runs';
  const reason = why === '' ? `no answer in ${connectMsMost / 1_000} s` : why;
  return { problem: `no Redis answers at ${shownUrl(url)} (${reason}): ${how}` };
}

function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

export async function sayPresence(redis: Redis, id: string, presence: Presence): Promise<void> {
  await redis.set(`${prefix}${id}`, JSON.stringify(presence), 'EX', presenceSeconds);
}

export async function endPresence(redis: Redis, id: string): Promise<void> {
  await redis.del(`${prefix}${id}`);
}

/** All workers, of this build and of others. */
export async function presentWorkers(redis: Redis): Promise<Presence[]> {
  const keys: string[] = [];
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1_000);
    cursor = next;
    keys.push(...found);
  } while (cursor !== '0');
  if (keys.length === 0) return [];
  const texts = await redis.mget(keys);
  return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as Presence]));
}
