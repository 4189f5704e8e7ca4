/** The queue of `--queue URL`, and what happens to its jobs when a sweep is cancelled. */
import type { Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { JobQueue, type Patience, type QueuePlace } from './job-queue.ts';
import { loadLibrary } from './library.ts';
import { connect, urlProblem } from './redis.ts';

/** The exit code of a command that Ctrl-C ended. */
const interrupted = 130;

export async function openPlace(
  { queue: url }: Values,
  { program, version }: Terminal,
): Promise<QueuePlace | { readonly problem: string }> {
  const wrong = urlProblem(url);
  if (wrong !== undefined) return { problem: wrong };
  if (program === undefined) return { problem: '--queue: there are no queues here' };
  const library = loadLibrary(program.file);
  if ('problem' in library) return library;
  const redis = await connect(library, String(url));
  if ('problem' in redis) return redis;
  return { library, redis, url: String(url), version: version(), build: program.build };
}

/** Does something with the queue, or with none if there is no `--queue`. */
export async function withQueue(
  values: Values,
  terminal: Terminal,
  patience: Omit<Patience, 'say'>,
  act: (queue: JobQueue | undefined) => Promise<number>,
): Promise<number> {
  if (values.queue === undefined) return act(undefined);
  const place = await openPlace(values, terminal);
  if ('problem' in place) {
    await terminal.error(`lockstep: ${place.problem}\n`);
    return 2;
  }
  const say = (text: string) => void terminal.error(`lockstep: ${text}\n`);
  const queue = new JobQueue(place, { ...patience, say });
  const cancel = () => {
    say('cancelled: the jobs that wait are removed');
    void queue.close().then(() => process.exit(interrupted));
  };
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    return await act(queue);
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
    await queue.close();
  }
}
