/** Random schedules for an ensemble of ZooKeeper: crashes, cuts, pauses and clients that go on. */
import { simulateInSlices } from '../../src/check/simulate.ts';
import { violationSentence } from '../../src/check/verdict-words.ts';
import { actionText } from '../../src/kernel/text/action-text.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { serverInvariants } from '../../src/protocols/zookeeper/server-invariants.ts';
import { zabInvariants } from '../../src/protocols/zookeeper/zab/zab-invariants.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { Dice } from './dice.ts';
import { diskFaults } from './faults.ts';

const paths = ['/a', '/b', '/c', '/a/x', '/b/y'];

/** Of an ensemble that has a leader, three clients and faults of all kinds, from one seed. */
export function zookeeperStorm(seed: number): string {
  const dice = new Dice(seed);
  const voters = seed % 10 === 9 ? 4 : dice.one([3, 3, 3, 5]);
  const servers = Array.from({ length: voters }, (_, i) => `z${i + 1}`);
  const observers = dice.chance(0.25) ? ['o1'] : [];
  const all = [...servers, ...observers];
  const clients = ['C', 'D', 'E'];
  const options = `tickTime: 500ms, initLimit: 4, syncLimit: 2, commitLogCount: ${dice.one([2, 500])}`;
  const nodes = [
    ...servers.map((id) => `${id}: { role: server, ${options} }`),
    ...observers.map((id) => `${id}: { role: observer, ${options} }`),
    ...clients.map((id) => {
      const known = dice.chance(0.5) ? [dice.one(all), dice.one(all)] : all;
      return `${id}: { role: client, timeout: 2s, servers: [${[...new Set(known)].join(', ')}] }`;
    }),
  ];
  const down = new Set<string>();
  const steps = dice.chance(0.8) ? ['wait 1s'] : [];
  const disks = diskFaults(seed, all, 0.3);
  for (let i = 0; i < 15; i++) {
    const disk = disks(0);
    if (disk !== undefined) steps.push(actionText(disk));
    steps.push(...stepsOf(dice, all, clients, down, i));
  }
  if (down.size > 0) steps.push(`restart ${[...down].join(' ')}`);
  steps.push(...all.map((id) => `disk ${id} ok`), 'heal', 'wait 3s', 'start D create /last', 'wait 500ms');
  return `protocol: zookeeper-lock
nodes: { ${nodes.join(', ')} }
network: { latency: ${dice.one(['1ms', '1ms..20ms', '1ms..60ms'])}, loss: ${dice.one([0, 0, 3])}% }
seed: ${seed}
steps:
${steps.map((step) => `  - ${step}\n`).join('')}`;
}

function stepsOf(
  dice: Dice, servers: readonly string[], clients: readonly string[], down: Set<string>, i: number,
): string[] {
  const server = dice.one(servers);
  const other = dice.one(servers.filter((one) => one !== server));
  const client = dice.one(clients);
  const wait = `wait ${dice.below(1_200) + 1}ms`;
  switch (dice.below(16)) {
    case 0:
    case 1:
      if (down.has(server)) break;
      down.add(server);
      return dice.chance(0.3) ? [`power off ${server}`, wait] : [`crash ${server}`, wait];
    case 2: {
      const some = [...down].filter(() => dice.chance(0.7));
      if (some.length === 0) break;
      for (const one of some) down.delete(one);
      return [`restart ${some.join(' ')}`, wait];
    }
    case 3:
      return [`partition ${server} | ${servers.filter((one) => one !== server).join(' ')} for 3s`];
    case 4:
      return [`cut ${server} -> ${other} for ${1 + dice.below(3)}s`];
    case 5:
      if (down.has(server)) break;
      return [`pause ${server} for ${1 + dice.below(3)}s`];
    case 6:
      return [`reset ${server} - ${other}`];
    case 7:
      return dice.chance(0.5) ? [`reset ${client} - ${server}`] : [`pause ${client} for 4s`];
    case 8:
      return [wait];
    default:
      return [`start ${client} ${operation(dice, i)}`, `wait ${dice.below(300) + 1}ms`];
  }
  return [wait];
}

function operation(dice: Dice, i: number): string {
  const path = dice.one(paths);
  switch (dice.below(7)) {
    case 0:
    case 1:
      return `create ${path} ${i} ${dice.one(['persistent', 'persistent', 'ephemeral', 'sequential'])}`;
    case 2:
      return `set ${path} ${i}`;
    case 3:
      return `delete ${path}`;
    case 4:
      return `get ${path} watch=true`;
    case 5:
      return `multi "create ${path}; set /a ${i}"`;
    default:
      return dice.one(['sync', `children / watch=true`, `exists ${path} watch=true`]);
  }
}

export interface StormFound {
  /** The first invariant that was violated, or `handler` if a handler threw; empty if none. */
  monitor: string;
  why: string;
  committed: number;
  elections: number;
}

/** Only what servers and Zab promise: a storm has no locks. */
function ofServers(protocol: Protocol): Protocol {
  const { events, derivedEvents = {} } = protocol;
  const kept = Object.entries(protocol.invariants).filter(
    ([name]) => name in serverInvariants || name in zabInvariants,
  );
  const own = Object.entries(events).filter(([name]) => !(name in derivedEvents));
  return {
    ...protocol, derivedEvents: {}, events: Object.fromEntries(own),
    invariants: Object.fromEntries(kept),
  };
}

/** Plays a schedule until an invariant is violated or a handler throws. */
export function playStorm(seed: number, library: readonly Protocol[]): StormFound {
  const protocols = library.filter(({ name }) => name === 'zookeeper-lock').map(ofServers);
  const { scenario, problems } = parseScenario(zookeeperStorm(seed), `storm-${seed}`, protocols);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const found: StormFound = { monitor: '', why: '', committed: 0, elections: 0 };
  const run = simulateInSlices(scenario!, 1, (_world, _action, { violations, failure, events }) => {
    for (const { name } of events) {
      if (name === 'TransactionCommitted') found.committed++;
      if (name === 'EpochEstablished') found.elections++;
    }
    const violation = violations.find(({ monitor }) => monitor !== 'scenario');
    if (violation !== undefined) {
      Object.assign(found, { monitor: violation.monitor, why: violationSentence(violation) });
    } else if (failure !== null) Object.assign(found, { monitor: 'handler', why: failure.stack });
  });
  while (found.monitor === '' && !run.next().done);
  return found;
}
