/** The faces of a timeout, repeated requests, and crashes in mid-write. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../../src/check/simulate.ts';
import { library } from '../../../src/protocols/library.ts';
import { requestReply } from '../../../src/protocols/request-reply/request-reply.ts';
import type { ServerState } from '../../../src/protocols/request-reply/state.ts';
import type { StoreState } from '../../../src/protocols/write-ahead-log/store.ts';
import { writeAheadLog } from '../../../src/protocols/write-ahead-log/write-ahead-log.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';
import { expectGolden } from '../../golden.ts';
import { clusterOf, holdsUnderFaults, violatedBy } from '../consensus/harness.ts';
import { nodes, withOptions } from '../consensus/schedule.ts';
import { logFamily, requestFamily } from './failure-families.ts';

/** Each moment of the client: when it acted, what it reported, and its state. */
function viewOfClient(name: string): { view: string[]; total: number } {
  const file = fileURLToPath(new URL(`../../../samples/timeouts/${name}.scenario.yaml`, import.meta.url));
  const { scenario, problems } = parseScenario(readFileSync(file, 'utf8'), name, library);
  expect(problems).toEqual([]);
  const view: string[] = [];
  const { world } = simulate(scenario!, (now, action, { events }) => {
    const own = events.filter(({ node }) => node === 'client');
    if (own.length === 0) return;
    view.push(JSON.stringify([now.time, action?.type, own, now.node('client')!.state]));
  });
  return { view, total: (world.node('server')!.state as unknown as ServerState).total };
}

test('the four faces of a timeout look the same to the client, and are not', () => {
  const faces = ['face-1-dead', 'face-2-request-lost', 'face-3-reply-lost', 'face-4-slow'].map(viewOfClient);
  expect(faces[0]!.view).toHaveLength(2);
  for (const { view } of faces) expect(view).toEqual(faces[0]!.view);
  expect(faces.map(({ total }) => total)).toEqual([0, 0, 5, 0]);
});

describe('requests that are repeated', () => {
  holdsUnderFaults(requestFamily, requestReply, [{ of: ({ answers }) => answers.size, atLeast: 1 }]);

  test('are executed twice by a server that remembers nothing, or forgets too early', () => {
    const nothing = withOptions(requestFamily, 'server', { remembers: 'nothing' });
    expect(violatedBy(nothing, requestReply)).toContain('At Most Once');
    const short = withOptions(requestFamily, 'server', { remembers: 'keys', keyLifetime: 1_000 });
    expect(violatedBy(short, requestReply)).toContain('At Most Once');
  });

  test('a slow server works on two requests at once', () => {
    const cluster = clusterOf(requestReply, [
      ...nodes('server', ['server'], { workTime: 20_000 }), ...nodes('client', ['c1', 'c2']),
    ]);
    cluster.do('c1 add {"amount":5}');
    cluster.do('c2 add {"amount":2}');
    cluster.untilReply('c2#1');
    expectGolden(import.meta.url, 'request-reply', cluster.lines.join('\n'));
  });
});

describe('a crash in mid-write', () => {
  const written = ({ cluster }: { cluster: { world: { nodes: readonly { state: object }[] } } }) =>
    (cluster.world.nodes[0]!.state as StoreState).written;
  holdsUnderFaults(logFamily, writeAheadLog, [{ of: written, atLeast: 10 }]);

  test('tears a record that is overwritten in place', () => {
    const inPlace = withOptions(logFamily, 'store', { method: 'in place', pages: 2 });
    expect(violatedBy(inPlace, writeAheadLog)).toContain('Whole Record');
  });

  test('with a log, each page is written twice, and a mark', () => {
    const cluster = clusterOf(writeAheadLog, nodes('store', ['db'], { pages: 2 }));
    cluster.do('db write {"value":"new"}');
    cluster.untilEvent('PageWritten');
    cluster.do('crash db');
    cluster.do('restart db');
    cluster.do('db read {}');
    expectGolden(import.meta.url, 'write-ahead-log', cluster.lines.join('\n'));
    expect(written({ cluster })).toBe(6);
  });
});
