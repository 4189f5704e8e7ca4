/** The configuration store under random faults, and the crash of a server that has a watch. */
import { describe, expect, test } from 'vitest';
import { configurationStore } from '../../../src/protocols/configuration-store/configuration-store.ts';
import type { ClientState, ServerState } from '../../../src/protocols/configuration-store/state.ts';
import { expectGolden } from '../../golden.ts';
import type { Cluster } from '../cluster.ts';
import { clusterOf, holdsUnderFaults, type Reached, violatedBy } from '../consensus/harness.ts';
import { nodes, withOptions } from '../consensus/schedule.ts';
import { endFaults } from '../faults.ts';
import { storeFamily } from './family.ts';

function statesOf<State>({ world }: Cluster, wanted: string): State[] {
  return world.nodes.filter(({ role }) => role === wanted).map(({ state }) => state as unknown as State);
}

const revision = (cluster: Cluster) =>
  Math.max(...statesOf<ServerState>(cluster, 'replica').map((one) => one.revision));

const changes: Reached = { of: ({ cluster }) => revision(cluster), atLeast: 3 };
const notified: Reached = {
  of: ({ cluster }) =>
    statesOf<ClientState>(cluster, 'client').reduce((sum, { known }) => sum + Object.keys(known).length, 0),
  atLeast: 1,
};

/** Whether all servers have all changes, and each client that watches all keys has received them. */
function isRecovered(cluster: Cluster): boolean {
  const last = revision(cluster);
  const servers = statesOf<ServerState>(cluster, 'replica');
  const clients = statesOf<ClientState>(cluster, 'client');
  return servers.every((one) => one.keys.end?.value === 'recovered' && one.revision === last)
    && clients.every(({ watches }) => Object.values(watches).every(({ key, next }) => key !== '' || next > last));
}

describe('it holds, and each watch is up to date after the faults', () => {
  holdsUnderFaults(storeFamily, configurationStore, [changes, notified], ({ cluster }) => {
    endFaults(cluster);
    cluster.run('2s');
    cluster.do('c1 put {"key":"end","value":"recovered"}');
    for (let i = 0; i < 20 && !isRecovered(cluster); i++) cluster.run('500ms');
    return isRecovered(cluster) ? undefined : 'a server or a watch lacks the change after the faults';
  });
});

test('a watch that resumes from now on misses changes in some schedules', () => {
  const careless = withOptions(storeFamily, 'client', { resumeFrom: 'now' });
  expect(violatedBy(careless, configurationStore, 30)).toEqual(['No Change Is Missed']);
});

test('the server of a watch crashes; the next one notifies it of what it missed', () => {
  const cluster = clusterOf(configurationStore, [
    ...nodes('replica', ['n1', 'n2', 'n3']), ...nodes('client', ['ops'], { server: 'n1' }), ...nodes('client', ['service'], { server: 'n3' }),
  ]);
  cluster.do('fire n1 election');
  cluster.untilEvent('LeaderElected', 'n1');
  cluster.do('service watch {"key":"limit/","prefix":true}');
  cluster.untilReply('service#1');
  cluster.do('crash n3');
  cluster.do('ops put {"key":"limit/a","value":1}');
  cluster.untilReply('ops#1');
  cluster.do('ops swap {"key":"limit/a","value":2,"modRevision":2}');
  cluster.untilReply('ops#2');
  cluster.untilEvent('WatchResumed', 'service');
  cluster.run('20ms');
  cluster.do('ops compact {"revision":3}');
  cluster.untilReply('ops#3');
  cluster.do('ops watch {"key":"limit/a","from":2}');
  cluster.run('20ms');
  expectGolden(import.meta.url, 'configuration-store', cluster.lines.join('\n'));
  expect(cluster.violations).toEqual([]);
});
