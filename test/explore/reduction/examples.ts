/** Small protocols in which one thing is shared by two choices. */
import type { Cluster } from './cluster.ts';

const toldBy = (name: string, ...peers: string[]) => ({
  sets: ['go'],
  // oxlint-disable-next-line typescript/no-explicit-any -- roles without types
  timers: { go: (node: any) => peers.forEach((to) => node.send(to, { type: name })) },
});

export const twoSenders: Cluster = {
  parts: {
    a: { state: { last: '' }, messages: { M: (node, _, from) => (node.state.last = from) } },
    b: toldBy('M', 'a'),
    c: toldBy('M', 'a'),
  },
};

export const oneSender: Cluster = {
  parts: {
    a: { state: { count: 0 }, messages: { M: (node) => node.state.count++ } },
    b: toldBy('M', 'a'),
  },
};

/** One order of two timers alone shows `a` done while `b` is ready. */
export const ready: Cluster = {
  parts: {
    a: {
      state: { isDone: false },
      sets: ['go'],
      timers: {
        go(node) {
          node.state.isDone = true;
          node.event('Done');
        },
      },
    },
    b: {
      state: { isReady: false },
      sets: ['on'],
      timers: { on: (node) => (node.state.isReady = true) },
    },
  },
  events: ['Done'],
};

export const readyStep: Cluster = {
  ...ready,
  invariants: {
    alone: {
      check({ acted, nodes }) {
        if (acted?.id !== 'a') return undefined;
        return nodes[1].state.isReady ? 'a acted while b was ready' : undefined;
      },
    },
  },
};

export const lastActed: Cluster = {
  ...ready,
  invariants: {
    last: {
      remember: () => ({ id: '' }),
      check({ acted, memory }) {
        memory.id = acted?.id ?? '';
        return undefined;
      },
    },
  },
};

/** As `lastActed`, of what another node has: it is remembered already that `b` is not ready. */
export const lastSeen: Cluster = {
  ...ready,
  invariants: {
    seen: {
      remember: () => ({ isReady: false }),
      check({ acted, nodes, memory }) {
        if (acted?.id === 'a') memory.isReady = nodes[1].state.isReady;
        return undefined;
      },
    },
  },
};

/** `c` throws and tells the others: then `a` throws, which is expected while `b` is on. */
export const throwers: Cluster = {
  parts: {
    a: {
      messages: {
        Go() {
          throw new Error('no');
        },
      },
    },
    b: { state: { isOn: true }, messages: { Go: (node) => (node.state.isOn = false) } },
    c: {
      sets: ['go'],
      timers: {
        go(node) {
          node.send('a', { type: 'Go' });
          node.send('b', { type: 'Go' });
          throw new Error('no');
        },
      },
    },
  },
};

export const pair = (sends: number): Cluster => ({
  parts: {
    a: {
      state: { on: 0 },
      sets: ['go'],
      timers: {
        go(node) {
          node.state.on = 2;
          for (let i = 0; i < sends; i++) node.send('c', { type: 'M' });
        },
      },
    },
    b: { state: { on: 0 }, sets: ['go'], timers: { go: (node) => (node.state.on = 1) } },
    c: { messages: { M: () => undefined } },
  },
});

/** A step comes if `a` is on before `c` is, which `b` tells to be on. */
export const steps: Cluster = {
  parts: {
    a: { state: { on: 0 }, sets: ['go'], timers: { go: (node) => (node.state.on = 1) } },
    b: {
      state: { on: 0 },
      sets: ['go'],
      timers: {
        go(node) {
          node.state.on = 1;
          node.send('c', { type: 'M' });
        },
      },
    },
    c: { state: { on: 0 }, messages: { M: (node) => (node.state.on = 1) } },
  },
};

/** `z` sends one of these lists, and nodes forget what they receive: states recur in many ways. */
const lists = ['bdca', 'adce', 'd', 'b', 'cedba'];

export const manyWays: Cluster = {
  parts: {
    z: {
      sets: lists,
      timers: Object.fromEntries(lists.map((list) => [list, (node) => {
        for (const other of lists) node.cancelTimer(other);
        for (const to of list) node.send(to, { type: 'M' });
      }])),
    },
    ...Object.fromEntries([...'abcde'].map((id) => [id, { messages: { M: () => undefined } }])),
  },
};
