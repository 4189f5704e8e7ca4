/** Mutual exclusion without a server, ordered by logical clocks (Lamport 1978). */
import { defineProtocol } from '../../protocol/define.ts';
import type { NodeId } from '../../protocol/types.ts';
import { participant } from './participant.ts';
import { events } from './state.ts';
import { specification } from './resource-object.ts';

export const lamportMutex = defineProtocol({
  name: 'lamport-mutex',
  aliases: ['mutual-exclusion', 'mutex'],
  doc: 'Processes that share one resource without a server, in the order of their requests.',
  source: 'Lamport: Time, Clocks, and the Ordering of Events in a Distributed System, CACM 1978',
  specification,
  events,
  roles: { participant },
  derivedEvents: {
    TwoInside: {
      look({ nodes, acted, events: reported }) {
        if (!reported.some(({ name }) => name === 'ResourceGranted')) return [];
        const other = nodes.find(({ id, state }) => id !== acted?.id && state.holds);
        return other === undefined ? [] : [{ first: other.id, second: acted!.id }];
      },
      summary: ({ first, second }) => `${first} and ${second}`,
    },
  },
  invariants: {
    'Mutual Exclusion': {
      doc: 'At most one process has the resource (condition I).',
      check({ nodes }) {
        const holders = nodes.filter(({ state }) => state.holds).map(({ id }) => id);
        return holders.length < 2 ? undefined : `${holders.join(' and ')} have the resource.`;
      },
    },
    'Granted In Order': {
      doc: 'Requests are granted in the order of their timestamps (condition II).',
      remember: (): { last: { time: number; of: NodeId } | null } => ({ last: null }),
      check({ acted, events: reported, memory }) {
        for (const event of reported) {
          if (event.name !== 'ResourceGranted' || acted === undefined) continue;
          const { last } = memory;
          const { time } = event.fields;
          memory.last = { time, of: acted.id };
          if (last === null || last.time < time) continue;
          if (last.time === time && last.of < acted.id) continue;
          const before = `${last.of} for ${last.time}`;
          return `${acted.id} got the resource for time ${time}, after ${before}.`;
        }
        return undefined;
      },
    },
    'Links Keep Order': {
      doc: 'A process handles the messages of another one in the order in which they were sent.',
      remember: (): { heard: Record<string, number> } => ({ heard: {} }),
      check({ acted, memory: { heard } }) {
        if (acted === undefined) return undefined;
        for (const [from, time] of Object.entries(acted.state.heard)) {
          const link = `${from} ${acted.id}`;
          const before = heard[link] ?? 0;
          heard[link] = time;
          if (time < before) {
            return `${acted.id} handled message ${time} of ${from} after message ${before}.`;
          }
        }
        return undefined;
      },
    },
    'One Request A Process': {
      doc: 'A queue has at most one request of each process.',
      check({ acted }) {
        const names = acted?.state.queue.map(({ of }) => of) ?? [];
        const twice = names.find((of, i) => names.indexOf(of) < i);
        return twice && `The queue of ${acted!.id} has two requests of ${twice}.`;
      },
    },
  },
});
