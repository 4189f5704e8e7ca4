// Replays the transcripts of a folder on the simulated servers.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Adapter, type Transcript } from './adapter.ts';
import { type Difference, differencesOf } from './compare.ts';
import { etcd } from './etcd.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { zookeeper } from './zookeeper.ts';

/** By the name of the server in the transcripts. */
const adapters: Readonly<Record<string, Adapter | undefined>> = {
  PostgreSQL: postgres,
  Redis: redis,
  ZooKeeper: zookeeper,
  etcd,
};

/** A transcript passes if the run of each seed has an outcome that was recorded. */
const seeds: readonly number[] = [1, 2, 3];

export type Verdict =
  | { readonly type: 'passed' }
  | { readonly type: 'failed'; readonly seed: number; readonly differences: readonly Difference[] }
  | { readonly type: 'not modelled'; readonly reason: string };

export interface Replayed {
  /** The folder and the name of the file, without its extension. */
  readonly path: string;
  readonly transcript: Transcript;
  readonly verdict: Verdict;
}

/** The folders with transcripts: `folder` itself, or those in it. */
export function foldersIn(folder: string): string[] {
  const own = resolve(folder);
  if (transcriptsIn(own).length > 0) return [own];
  return readdirSync(own)
    .map((name) => join(own, name))
    .filter((path) => statSync(path).isDirectory() && transcriptsIn(path).length > 0)
    .sort();
}

/** Replays every transcript of one folder, in the order of their names. */
export function* replayFolder(folder: string): Generator<Replayed> {
  for (const name of transcriptsIn(folder)) {
    const transcript = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Transcript;
    const path = `${basename(folder)}/${basename(name, '.json')}`;
    yield { path, transcript, verdict: verdictOf(transcript) };
  }
}

function transcriptsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
}

export function verdictOf(transcript: Transcript): Verdict {
  const { name } = transcript.server;
  const adapter = Object.hasOwn(adapters, name) ? adapters[name] : undefined;
  if (adapter === undefined) {
    return { type: 'not modelled', reason: `Lockstep does not replay transcripts of ${name}` };
  }
  for (const seed of seeds) {
    const verdict = verdictWith(adapter, transcript, seed);
    if (verdict.type !== 'passed') return verdict;
  }
  return { type: 'passed' };
}

function verdictWith(adapter: Adapter, transcript: Transcript, seed: number): Verdict {
  try {
    const replay = adapter.replay(transcript, seed);
    if (replay.type === 'not modelled') return replay;
    const differences = differencesOf(transcript, replay.outcomes);
    return differences.length === 0 ? { type: 'passed' } : { type: 'failed', seed, differences };
  } catch (error) {
    // An error is a defect of this transcript's replay; the other transcripts are still compared.
    const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const difference = { step: undefined, expected: 'a replay of all steps', got };
    return { type: 'failed', seed, differences: [difference] };
  }
}
