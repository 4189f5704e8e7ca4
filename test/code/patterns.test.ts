/** The patterns of the author API: what they do, their draws, and their lines in both loaders. */
import { describe, expect, test } from 'vitest';
import {
  broadcast, majority, noRequests, pick, reply, request, type Requests, retry, shuffle, takeRequest,
} from '../../src/protocol/patterns.ts';
import { thrownAt } from '../../src/code/call-stack.ts';
import { loadProtocol } from '../../src/code/code.ts';
import { patternsFile } from '../../src/code/pattern-sources.ts';
import type { Node } from '../../src/protocol/types.ts';

interface Ask { type: 'Ask'; request: number; what: string }

/** A node that notes what is called. */
function noting() {
  const calls: unknown[][] = [];
  let drawn = 0;
  const note = (name: string) => (...given: unknown[]) => void calls.push([name, ...given]);
  const node = {
    id: 'n1',
    peers: ['n2', 'n3'],
    state: { requests: noRequests() as Requests<Ask> },
    random: (bound: number) => (drawn += 7) % bound,
    send: note('send'),
    setTimer: note('setTimer'),
    cancelTimer: note('cancelTimer'),
  };
  return { node: node as unknown as Node & typeof node, calls };
}

describe('broadcast', () => {
  test('sends to all peers, or to the given nodes in their order', () => {
    const { node, calls } = noting();
    broadcast(node, { type: 'Ping' } as never);
    broadcast(node, { type: 'Pong' } as never, ['n9', 'n2']);
    expect(calls).toEqual([
      ['send', 'n2', { type: 'Ping' }],
      ['send', 'n3', { type: 'Ping' }],
      ['send', 'n9', { type: 'Pong' }],
      ['send', 'n2', { type: 'Pong' }],
    ]);
  });
});

describe('majority', () => {
  test('is the smallest number that is more than half', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(majority)).toEqual([1, 2, 2, 3, 3, 4, 4]);
  });
});

describe('pick and shuffle', () => {
  test('draw from the node alone', () => {
    const draws = () => {
      const { node } = noting();
      return [pick(node, ['a', 'b', 'c']), shuffle(node, [1, 2, 3, 4])];
    };
    expect(draws()).toEqual(draws());
  });

  test('shuffle returns each item once, and leaves the list as it is', () => {
    const items = [1, 2, 3, 4, 5];
    const shuffled = shuffle(noting().node, items);
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted()).toEqual(items);
  });

  test('every order is possible, as often as any other', () => {
    let at = 0;
    // All pairs of draws that a shuffle of three items makes: from 3, then from 2.
    const orders = Array.from({ length: 6 }, (_, i) => {
      const draws = [i % 3, Math.floor(i / 3)];
      at = 0;
      return shuffle({ random: () => draws[at++]! }, ['a', 'b', 'c']).join('');
    });
    expect(orders.toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });

  test('an empty list is refused', () => {
    expect(() => pick(noting().node, [])).toThrow('pick: the list is empty');
  });
});

describe('a request', () => {
  const policy = { timeout: 50, attempts: 2, operation: 'n1#1' };

  test('is sent with a number and a timer, and is over with its reply', () => {
    const { node, calls } = noting();
    const number = request(node, 'n2', { type: 'Ask', what: 'x' }, policy);
    expect(calls).toEqual([
      ['send', 'n2', { type: 'Ask', what: 'x', request: number }],
      ['setTimer', 'requestTimeout', 50, String(number)],
    ]);
    expect(takeRequest(node, { request: number + 1 })).toBeUndefined();
    expect(takeRequest(node, { request: number })).toMatchObject({ to: 'n2', operation: 'n1#1' });
    expect(calls.at(-1)).toEqual(['cancelTimer', 'requestTimeout', String(number)]);
    expect(takeRequest(node, { request: number }), 'a duplicate').toBeUndefined();
  });

  test('is sent again at its timeout, and returned after its last attempt', () => {
    const { node, calls } = noting();
    const key = String(request(node, 'n2', { type: 'Ask', what: 'x' }, policy));
    calls.length = 0;
    expect(retry(node, key)).toBeUndefined();
    expect(calls.map(([name]) => name)).toEqual(['send', 'setTimer']);
    expect(retry(node, key)).toMatchObject({ to: 'n2', attemptsLeft: 0 });
    expect(node.state.requests.pending).toEqual([]);
    expect(retry(node, key), 'nothing is left').toBeUndefined();
  });

  test('of a node that boots again has other numbers than those before', () => {
    const { node } = noting();
    const before = request(node, 'n2', { type: 'Ask', what: 'x' }, policy);
    node.state.requests = noRequests();
    const after = request(node, 'n2', { type: 'Ask', what: 'x' }, policy);
    expect(after).not.toBe(before);
  });

  test('and its reply have the same number', () => {
    const { node, calls } = noting();
    reply(node, 'n2', { request: 7 }, { type: 'Answer', ok: true } as never);
    expect(calls).toEqual([['send', 'n2', { type: 'Answer', ok: true, request: 7 }]]);
  });
});

describe('a protocol of the workspace', () => {
  const source = (head: string, start: string) => `${head}
export default defineProtocol({
  name: 'p', doc: '', source: '', events: {}, invariants: {},
  roles: { one: { doc: '', init: () => ({}), start(node) { ${start} }, messages: {}, timers: {} } },
});
`;
  const load = (head: string, start = '') =>
    loadProtocol(new Map([['p.ts', source(head, start)]]), 'p.ts');

  test.each([
    ["import { broadcast, defineProtocol } from 'lockstep';", 'broadcast(node, { type: "A" });'],
    ["import * as lockstep from 'lockstep'; const { defineProtocol } = lockstep;", ''],
    ["import { defineProtocol } from 'lockstep'; export { majority } from 'lockstep';", ''],
  ])('has their source if it uses one: %s', (head, start) => {
    expect([...load(head, start).files.keys()]).toEqual(['p.ts', patternsFile]);
  });

  test('does not have it otherwise, although nodes reply too', () => {
    const code = load("import { defineProtocol } from 'lockstep';", 'node.reply("a#1", "request");');
    expect([...code.files.keys()]).toEqual(['p.ts']);
  });

  test('has the same limits in them as in its own code', () => {
    const endless = "import { defineProtocol, pick } from 'lockstep';";
    const { protocol } = load(endless, 'pick({ random: () => { for (;;); } }, [1]);');
    expect(() => protocol.roles.one!.start!({ state: {} } as never)).toThrow('1,000,000');
  });

  test('is blamed for the error that a pattern throws', () => {
    const code = load("import { defineProtocol, pick } from 'lockstep';", 'pick(node, []);');
    let stack = '';
    try {
      code.protocol.roles.one!.start!({ state: {} } as never);
    } catch (error) {
      stack = (error as Error).stack!;
    }
    expect(stack).toContain('%3Clockstep%3E/patterns.ts');
    expect(thrownAt(code, stack)).toMatchObject({ file: 'p.ts', line: 4 });
  });
});
