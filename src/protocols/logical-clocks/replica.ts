/** A replica of the store: it takes writes, stamps them, and sends them to the others. */
import { operation, role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Frozen, Node } from '../../protocol/types.ts';
import { advance, firstStamp, orderOf, stampText, takeIn } from './clocks.ts';
import { options, type Replica, type Write } from './state.ts';

export const replica = role<Replica>({
  doc: 'Keeps values; of two writes of a key it keeps the one that is later by its stamp.',
  joins: true,
  options,
  init: ({ options: { stamps } }) => ({
    clock: firstStamp(stamps), reading: 0, written: 0, values: {},
  }),
  durable: ['clock', 'reading', 'written', 'values'],
  noDiskFaults: 'a write and its clock are on disk at once: this store is about order, not disks',
  start: (node) => node.setTimer('sync', node.options.syncInterval),

  messages: {
    Writes(node, { writes }) {
      const { state } = node;
      for (const write of writes) {
        state.clock = takeIn(state.clock, write.stamp);
        apply(node, write);
      }
    },
  },

  timers: {
    sync(node) {
      const writes = Object.values(node.state.values).flat();
      if (writes.length > 0) broadcast(node, { type: 'Writes', writes });
      node.setTimer('sync', node.options.syncInterval);
    },
  },
  background: ['sync'],

  operations: {
    put: operation<Replica>()({
      doc: 'Writes a value at this replica, which sends it to the others; answers OK.',
      parameters: { key: 'string', value: 'value' },
      run(node, { key, value }, id) {
        const write = stamped(node, key, value);
        apply(node, write);
        broadcast(node, { type: 'Writes', writes: [write] });
        node.reply(id, 'OK');
      },
    }),
    get: operation<Replica>()({
      doc: 'Answers the value that this replica has, null for none, or a list of siblings.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        const values = (node.state.values[key] ?? []).map(({ value }) => value);
        node.reply(id, values.length > 1 ? values : (values[0] ?? null));
      },
    }),
  },

  lookDocs: {
    value: 'What is stored under each key, with its time stamp; more than one if none is later.',
    'wall clock': 'The time of its own clock, which others need not agree with.',
    'lamport clock': 'A counter above all that it has received: what is later has a larger number.',
    'vector clock': 'What it has seen of each node: of two stamps, neither may be earlier.',
    'hybrid clock': 'The largest wall time that it has seen, and a counter for ties.',
  },
  look: ({ clock, values }) => ({
    value: Object.fromEntries(
      Object.entries(values).map(([key, writes]) => [key, writes.map(valueText).join(' | ')]),
    ),
    facts: { [`${clock.clock} clock`]: stampText(clock) },
  }),
  summary: {
    messages: { Writes: ({ writes }) => writes.map(writeText).join(', ') },
    events: {
      WriteDiscarded: ({ id, stamp, kept, keptStamp }) =>
        `${id} of ${stamp}, for ${kept} of ${keptStamp}`,
    },
  },
});

const valueText = ({ value, stamp }: Frozen<Write>) => `${value} @ ${stampText(stamp)}`;
const writeText = (write: Frozen<Write>) => `${write.key}=${valueText(write)}`;

/** Reads the clock for a write. */
function stamped(node: Node<Replica>, key: string, value: Write['value']): Write {
  const { state, id: by } = node;
  state.reading = node.now();
  state.clock = advance(state.clock, by, state.reading);
  const number = ++state.written;
  const write = { id: `${by}#${number}`, key, value, by, number, stamp: state.clock };
  node.event('Written', { id: write.id, key, value, stamp: stampText(write.stamp) });
  if (state.clock.clock === 'hybrid' && state.clock.wall > state.reading) {
    const behind = state.clock.wall - state.reading;
    node.event('WallClockBehind', { behind, logical: state.clock.logical });
  }
  return write;
}

/** The later write wins. Only vectors can say that neither is later: then both stay. */
function apply(node: Node<Replica>, write: Frozen<Write>): void {
  const { state } = node;
  const { id, key } = write;
  const kept = state.values[key] ?? [];
  if (kept.some((one) => one.id === id)) return;
  const stamp = stampText(write.stamp);
  const later = kept.find((one) => orderOf(write, one) === 'before');
  if (later !== undefined) {
    const keptStamp = stampText(later.stamp);
    return node.event('WriteDiscarded', { id, key, stamp, kept: later.id, keptStamp });
  }
  const replaced = kept.filter((one) => orderOf(one, write) === 'before');
  const siblings = kept.filter((one) => !replaced.includes(one));
  // Sorted, so that replicas with the same writes have the same state.
  state.values[key] = [...siblings, write].sort((a, b) => (a.id < b.id ? -1 : 1));
  const replaces = replaced.map((one) => one.id).join(' ');
  node.event('WriteApplied', { id, key, stamp, replaces });
  if (siblings.length > 0) {
    node.event('SiblingsKept', { key, values: state.values[key].map(({ value }) => value) });
  }
}
