/** Code that no message runs: `init`, `start`, invariants; errors of a node while it boots. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { type Adapter, openAdapter } from './client.ts';
import { launched, Transcript } from './transcript.ts';
import { type Workspace, workspace } from './workspace.ts';

const init = `init: () => {
        const seen: string[] = [];
        return { count: 0, seen };
      },
      start(node) {
        const full = node.state.count;
        node.event('Full', { count: full });
      },`;

const invariants = `invariants: {
    'a node has seen few': {
      doc: 'No node has seen more than two.',
      check({ nodes, acted }) {
        const most = Math.max(...nodes.map(({ state }) => state.seen.length));
        return most > 2 ? \`\${acted!.id} has seen \${most}\` : undefined;
      },
    },
  },`;

const whole = { 'init: () => ({ count: 0, seen: [] }),': init, 'invariants: {},': invariants };

let adapter: Adapter;
let talk: Transcript;

beforeEach(() => {
  adapter = openAdapter();
  talk = new Transcript(adapter.client);
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(talk.text);
  adapter.process.kill();
  await adapter.exited;
});

function lineIn(own: Workspace, part: string): number {
  const lines = readFileSync(join(own.folder, 'relay.ts'), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(part)) + 1;
}

async function begin(own: Workspace, parts: readonly string[], filters: readonly string[] = []) {
  const source = { path: join(own.folder, 'relay.ts') };
  const breakpoints = parts.map((part) => ({ line: lineIn(own, part) }));
  const stop = await launched(adapter.client, { program: own.program }, async () => {
    await talk.ask('setBreakpoints', { source, breakpoints });
    await talk.ask('setExceptionBreakpoints', { filters });
  });
  talk.stopped(stop);
  await talk.stack();
}

function golden(name: string, own: Workspace): void {
  expectGolden(import.meta.url, name, talk.text.replaceAll(own.folder, '<workspace>'));
}

interface SeenView {
  type: string;
  moment: { entered?: object };
  views: { cluster: { nodes: { id: string; status: string }[] }; sequence: { participants: { about: string[] }[] } };
}

describe('the start', () => {
  test('is drawn at each of its lines, also with nodes that have no state yet', async () => {
    const own = workspace(whole);
    await begin(own, ['const seen: string[]']);
    const { client } = talk;
    for (const panel of ['cluster', 'sequence']) {
      await talk.ask('lockstep/panel', { type: 'ready', panel });
      await client.event('lockstep/view');
    }
    const seen: string[] = [];
    for (const move of ['stepIn', 'next', 'next', 'next', 'stepBack', 'stepBack', 'next']) {
      await client.move(move);
      const { moment, views } = await client.event<SeenView>('lockstep/view');
      expect(moment.entered).toEqual({ position: 'inside', command: 'start' });
      seen.push(views.cluster.nodes.map(({ id, status }) => `${id} ${status}`).join(', '));
      expect(views.sequence.participants.map(({ about }) => about[0] === 'down')).toEqual(
        views.cluster.nodes.map(({ status }) => status === 'down'),
      );
    }
    expect(new Set(seen)).toEqual(new Set(['a running, b down', 'a running, b running']));
  });

  test('is stepped through line by line, forwards and backwards, node by node', async () => {
    const own = workspace(whole);
    await begin(own, ['const seen: string[]']);
    for (const move of ['stepIn', 'next', 'next', 'next', 'stepBack', 'stepBack', 'next']) {
      await talk.move(move);
      await talk.stack();
    }
    await talk.scope('Locals');
    await talk.scope('State');
    talk.title('the next node, and back to the first');
    for (const move of ['continue', 'reverseContinue', 'reverseContinue', 'stepBack', 'stepOut']) {
      await talk.move(move);
      await talk.stack();
    }
    talk.title('past its last line');
    await talk.move('stepOut');
    await talk.ask('stepOut', { threadId: 1 });
    await talk.move('continue');
    await talk.stack();
    golden('start-lines', own);
  });

  test('stops when a node reports an event or throws', async () => {
    const own = workspace({
      ...whole,
      'const full = node.state.count;':
        "const full = node.state.count;\n        if (node.id === 'b') throw new Error('b cannot');",
    });
    await begin(own, [], ['thrown', 'event:Full']);
    await talk.scope('Locals');
    await talk.ask('exceptionInfo', { threadId: 1 });
    await talk.move('continue');
    await talk.stack();
    await talk.scope('Locals');
    await talk.ask('exceptionInfo', { threadId: 1 });
    await talk.move('reverseContinue');
    await talk.stack();
    golden('start-throws', own);
  });

  test('an `init` that throws is a failure of its node', async () => {
    const own = workspace({ 'init: () => ({': "init: ({ id }) => ({ at: id.length.toFixed(200)," });
    await begin(own, [], ['thrown']);
    await talk.ask('threads');
    golden('start-init', own);
  });
});

describe('an invariant', () => {
  test('is stepped through line by line after the action', async () => {
    const own = workspace(whole);
    await begin(own, ['const most'], ['violated']);
    talk.title('after the first action');
    for (const move of ['continue', 'next', 'next', 'stepBack', 'stepBack', 'reverseContinue']) {
      await talk.move(move);
      await talk.stack();
    }
    golden('invariant-lines', own);
  });

  test('that itself throws stops at the line that threw', async () => {
    const own = workspace({
      ...whole,
      'const most = ': 'const none = acted!.id.at(9)!.length;\n        const most = none + ',
    });
    await begin(own, [], ['violated']);
    const { details } = await adapter.client.ask('exceptionInfo', { threadId: 1 });
    talk.say(details!.stackTrace!);
    golden('invariant-throws', own);
  });
});

test('a breakpoint in `look` is refused: no run executes it', async () => {
  const own = workspace({ 'timers: {},': 'timers: {},\n      look: () => ({ standing: "here" }),' });
  await begin(own, ['look:']);
  expect(talk.text).toContain('`look` runs only to draw a node or a message');
});
