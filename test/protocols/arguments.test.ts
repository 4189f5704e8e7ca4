/** No argument is accepted and then ignored: each has an effect, or is refused with a reason. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Place {
  nodes: string;
  /** The node whose arguments are varied, by role; and a rival that takes the lock. */
  actors: Readonly<Record<string, string>>;
  /** Steps before all others. */
  first?: readonly string[];
  /** How a worker takes a lock, with room for its key. */
  take: string;
  server: string;
}

const storage = 'db: { role: storage, fenceReads: true }, db2: { role: storage, fencing: false }';
const workers = `X: worker, Y: worker, ${storage}`;

const places: Readonly<Record<string, Place>> = {
  'fenced-lock': {
    nodes: `s: lockServer, ${workers}`, actors: { worker: 'X' }, take: 'lock', server: 's',
  },
  'redis-lock': {
    nodes: `s: redis, ${workers}`, actors: { worker: 'X' }, take: 'lock', server: 's',
  },
  redlock: {
    nodes: `s1..s3: redis, counter: counter, ${workers}`, actors: { worker: 'X' }, take: 'lock',
    server: 's1',
  },
  'zookeeper-lock': {
    nodes: `s: server, ${workers}`, actors: { worker: 'X' }, take: 'lock', server: 's',
  },
  'etcd-lock': {
    nodes: `s: replica, ${workers}`, actors: { worker: 'X' }, take: 'lock', server: 's',
  },
  'consul-lock': {
    nodes: `s: server, O: operator, ${workers}`, actors: { worker: 'X', operator: 'O' },
    take: 'lock', server: 's',
  },
};

/** Values for what an operation cannot do without, and others to try, by the parameter's name. */
const given: Readonly<Record<string, string>> = {
  key: 'x', name: 'stock', value: '5', subcommand: 'put', session: 's1', command: '"GET x"',
};
const others: Readonly<Record<string, readonly string[]>> = {
  behavior: ['delete'], checks: ['[disk]'], lock: ['other', 'x'], at: ['db2', 'X'], key: ['other'], value: ['6'],
};
const byKind: Readonly<Record<string, readonly string[]>> = {
  duration: ['1500ms', '12s', '40s'], integer: ['1', '3', '9'], boolean: ['true', 'false'],
  string: ['zzz'], value: ['6'], node: ['db2', 'X'],
};

/** What happens before the operation, and what happens after it. */
function situations({ take, server }: Place, actor: string, second: boolean) {
  const own = second ? [`X ${take} other`] : [];
  const heads = [
    own,
    [...own, `Y ${take} x`],
    [...own, `${actor} ${take} x`],
    [...own, `X ${take} x`],
    // Where each key has a count of its own, this makes the tokens of the two locks differ.
    [...own, `Y ${take} x`, 'Y unlock x', `X ${take} x`],
  ].filter((head) => head.every((step) => !step.startsWith('O ')));
  const tails = [
    ['wait 100s'],
    ['wait 6s', `start Y ${take} x`, 'crash X', 'wait 100s', `start Y ${take} x`, 'wait 20s'],
    ['wait 1s', 'crash Y', 'wait 100s'],
    ['wait 6s', 'crash X', 'wait 100s', `start Y ${take} x`, 'wait 20s', 'start Y write stock 7', 'wait 1s'],
    ['wait 1s', `crash ${server}`, 'wait 3s', `restart ${server}`, 'wait 100s'],
    ['wait 1s', 'start X write stock 7 lock=other', 'wait 1s'],
    ...(actor === 'O' ? [['wait 1s', 'start O kv get x', 'wait 1s']] : []),
  ];
  return heads.flatMap((head) => tails.map((tail) => ({ head, tail })));
}

/** All events and answers of a run, with their times; messages may carry what no one applies. */
function story(protocol: string, place: Place, steps: readonly string[]): string {
  const lines = steps.map((step) => `  - ${step}\n`).join('');
  const text = `protocol: ${protocol}\nnodes: { ${place.nodes} }\nseed: 1\nsteps:\n${lines}`;
  const { scenario, problems } = parseScenario(text, 'arguments', library);
  // An argument that is refused before the run is refused, too.
  if (scenario === undefined) return problems.map(({ message }) => message).join('\n');
  const told: unknown[] = [];
  simulate(scenario, ({ time }, _action, { events, replies }) => {
    for (const { node, name, fields } of events) told.push([time, node, name, fields]);
    for (const { operation, ok, result } of replies) told.push([time, operation, ok, result]);
  });
  return JSON.stringify(told);
}

/** Whether a value of a parameter changes what happens, in any situation. */
function matters(
  protocol: string, place: Place, actor: string, command: string, parameter: string,
  values: readonly string[], second: boolean,
): boolean {
  for (const { head, tail } of situations(place, actor, second)) {
    const before = [...(place.first ?? []), ...head];
    const without = story(protocol, place, [...before, `start ${actor} ${command}`, ...tail]);
    for (const value of values) {
      const varied = `start ${actor} ${command} ${parameter}=${value}`;
      if (story(protocol, place, [...before, varied, ...tail]) !== without) return true;
    }
  }
  return false;
}

const cases = Object.entries(places).flatMap(([name, place]) => {
  const { roles } = library.find((one) => one.name === name)!;
  return Object.entries(place.actors).flatMap(([role, actor]) =>
    Object.entries(roles[role].operations!).flatMap(([operation, { parameters }]) => {
      const kinds = Object.entries(parameters as Record<string, string>);
      const required = kinds.filter(([, kind]) => !kind.endsWith('?')).map(([one]) => given[one]);
      const command = [operation, ...required].join(' ');
      const optional = kinds.filter(([, kind]) => kind.endsWith('?'));
      const seconds = operation.toLowerCase().includes('lock') && operation !== 'unlock';
      return optional.flatMap(([parameter, kind]) => {
        const values = others[parameter] ?? byKind[kind.slice(0, -1)];
        return (seconds ? [false, true] : [true]).map((second) => ({
          name, place, actor, command, parameter, values, second,
        }));
      });
    }),
  );
});

test.each(cases)(
  '$name: $actor $command … $parameter, with another lock: $second',
  ({ name, place, actor, command, parameter, values, second }) => {
    expect(matters(name, place, actor, command, parameter, values, second)).toBe(true);
  },
);
