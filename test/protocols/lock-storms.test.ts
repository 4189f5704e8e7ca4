/** Locks under random faults: with fencing, the data is always safe; without, it is not. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

const workers = ['A', 'B', 'C'];

/** mulberry32: random integers below `bound`. */
function numbersFrom(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Workers lock, write and unlock while processes pause and crash, clocks jump, messages are lost. */
function storm(
  protocol: string,
  servers: readonly string[],
  role: string,
  fencing: boolean,
  seed: number,
): string {
  const random = numbersFrom(seed);
  const pick = (list: readonly string[]) => list[random(list.length)];
  const steps: string[] = [];
  const hasClock = role === 'redis';
  for (let i = 0; i < 60; i++) {
    const worker = pick(workers);
    const server = pick(servers);
    const ttl = `${1 + random(5)}s`;
    const choices = [
      `start ${worker} lock x ttl=${ttl} retry=300ms`,
      `start ${worker} lock x ttl=${ttl} retry=300ms`,
      `start ${worker} write stock ${i}`,
      `start ${worker} write stock ${i}`,
      `start ${worker} write stock ${i}`,
      `start ${worker} unlock x`,
      `start ${worker} extend x ttl=${ttl}`,
      `when !${worker}.paused: pause ${worker} for ${1 + random(8)}s`,
      `network loss=${random(20)}% duplicate=${random(20)}%`,
      `network latency=1ms..${1 + random(400)}ms`,
      `wait ${1 + random(2000)}ms`,
      `wait ${1 + random(2000)}ms`,
      ...(hasClock ? [`clock ${server} jump ${random(2) ? '+' : '-'}${random(6)}s`] : []),
    ];
    steps.push(pick(choices));
    if (random(12) > 0) continue;
    steps.push(`crash ${server}`, `wait ${random(500)}ms`, `restart ${server}`);
  }
  const nodes = [
    ...servers.map((id) => `${id}: ${role}`),
    ...(hasClock ? ['counter: counter'] : []),
    ...workers.map((id) => `${id}: worker`),
    `db: { role: storage, fencing: ${fencing} }`,
  ];
  const lines = steps.map((step) => `  - ${step}\n`).join('');
  return `protocol: ${protocol}\nseed: ${seed}\nnodes: { ${nodes.join(', ')} }\nsteps:\n${lines}`;
}

/** The sentences of the violated invariants; a handler that throws fails the test. */
function violationsIn(text: string): string[] {
  const { scenario, problems } = parseScenario(text, 'storm', library);
  if (!scenario) throw new Error(JSON.stringify(problems));
  const { verdicts } = simulate(scenario, (_world, _action, { failure }) => {
    if (failure) throw new Error(`${failure.stack}\n${text}`);
  });
  return verdicts.flatMap((one) =>
    one.type === 'violated' && one.subject.kind === 'invariant' ? [verdictReason(one)!] : [],
  );
}

const redlockServers = ['r1', 'r2', 'r3'];
const storms = Number(process.env.LOCKSTEP_STORMS ?? 20);

test.each([
  ['fenced-lock', ['server'], 'lockServer'],
  ['redis-lock', ['server'], 'redis'],
  ['redlock', redlockServers, 'redis'],
])('%s: with fencing no late write is accepted, without it some are', (protocol, servers, role) => {
  let broken = 0;
  for (let seed = 1; seed <= storms; seed++) {
    expect(violationsIn(storm(protocol, servers, role, true, seed)), `seed ${seed}`).toEqual([]);
    if (violationsIn(storm(protocol, servers, role, false, seed)).length > 0) broken++;
  }
  expect(broken).toBeGreaterThan(0);
});
