/** A log that `look` returned. Its entries are checked one by one, when a panel reads them. */
import type { LogLookOf, LogPeerLook } from '../../protocol/look.ts';
import type { Json, Look } from '../../protocol/types.ts';
import { isPlain, shown } from '../data/shown.ts';
import { type LookProblem, threw } from './problem.ts';
import { usable, wrong } from './usable.ts';

type Log = LogLookOf<Json>;
type LogEntry = ReturnType<Log['entry']>;
type Raw = Readonly<Record<string, unknown>>;

/** `entries` is how many of the last entries are read to check them. */
export function logIn(
  value: unknown,
  entries: number,
  problems: LookProblem[],
): Pick<Look, 'log'> {
  const raw = (typeof value === 'object' && value !== null ? value : {}) as Raw;
  if ('entries' in raw && !('entry' in raw)) {
    problems.push({ type: 'replaced', field: 'log.entries', by });
    return {};
  }
  const { first, last, committed, applied } = raw;
  const { isInteger } = Number;
  const isLog =
    isInteger(first) && isInteger(last) && isInteger(committed) &&
    (applied === undefined || isInteger(applied)) && typeof raw.entry === 'function';
  if (!isLog) return wrong(problems, 'log', value, expected);
  const { entry: entryOf, ...indexes } = raw as unknown as Log;
  if (indexes.last < indexes.first - 1) {
    return wrong(problems, 'log.last', last, `at least ${indexes.first - 1}, as first is ${first}`);
  }
  const read = (index: number, found: LookProblem[]) => entryIn(entryOf, index, found);
  const from = Math.max(indexes.first, indexes.last - entries + 1);
  for (let index = from; index <= indexes.last; index++) read(index, problems);
  return {
    log: {
      ...(typeof raw.name === 'string' && { name: raw.name.slice(0, nameMost) }),
      ...(raw.epochsMayDiffer === true && { epochsMayDiffer: true }),
      first: indexes.first,
      last: indexes.last,
      committed: indexes.committed,
      ...(indexes.applied !== undefined && { applied: indexes.applied }),
      ...(raw.peers !== undefined && peersIn(raw.peers, problems)),
      entry: (index) => read(index, []),
    },
  };
}

const nameMost = 100;
const by =
  '`last`, the index of the last entry, and `entry(index)`, which returns { epoch, value }';
const expected =
  'the integers `first`, `last` and `committed`, optionally `applied`, and a function ' +
  '`entry(index)`';

/** Marks of nodes that are wrong are left out. */
function peersIn(value: unknown, problems: LookProblem[]): Pick<Log, 'peers'> {
  if (typeof value !== 'object' || value === null || !isPlain(value)) {
    return wrong(problems, 'log.peers', value, peersExpected);
  }
  const peers: Record<string, LogPeerLook> = {};
  for (const [node, peer] of Object.entries(value).slice(0, peersMost)) {
    const { next, match } = (typeof peer === 'object' && peer !== null ? peer : {}) as Raw;
    if (isIndex(next) && isIndex(match) && (next ?? match) !== undefined) {
      peers[node] = { ...(next !== undefined && { next }), ...(match !== undefined && { match }) };
    } else wrong(problems, `log.peers.${node}`, peer, 'an integer `next`, `match`, or both');
  }
  return { peers };
}

/** A cluster of more nodes has no leader that replicates to all of them. */
const peersMost = 1_000;
const peersExpected = 'an object: { n2: { next: 5, match: 4 } }';

function isIndex(value: unknown): value is number | undefined {
  return value === undefined || Number.isInteger(value);
}

/** A wrong entry is shown as far as it can be. */
function entryIn(entryOf: Log['entry'], index: number, problems: LookProblem[]): LogEntry {
  const field = `log.entry(${index})`;
  let entry: unknown;
  try {
    entry = entryOf(index);
  } catch (error) {
    const problem = threw(error);
    problems.push(problem);
    return { value: problem.type === 'threw' ? shown(problem.message) : null };
  }
  const { epoch, value, gap } = (typeof entry === 'object' && entry !== null ? entry : {}) as Raw;
  const isEpoch = ['number', 'string', 'undefined'].includes(typeof epoch);
  if (value === undefined || !isEpoch) {
    wrong(problems, field, entry, 'an entry: { epoch: 3, value: … }; epoch is optional');
    return { value: shown(entry) };
  }
  const part = {
    value: usable(`${field}.value`, value, problems),
    ...(gap === true && { gap: true }),
  };
  return epoch === undefined ? part : { epoch: epoch as number | string, ...part };
}
