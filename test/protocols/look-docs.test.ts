/** What a role explains of its look is what its nodes show, under the same names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import { library } from '../../src/protocols/library.ts';
import { explanationOf } from '../../src/view/cluster/value-name.ts';
import type { Look } from '../../src/protocol/types.ts';
import { nextAction } from '../../src/scenario/driver.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { root } from '../architecture/source.ts';

const samples = join(root, 'samples');
const files = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.scenario.yaml'))
  .sort();
const stepsMost = 600;
/** Shown in longer runs, or with faults. */
const rare = ['kraft/broker: highWatermark', 'swim/member: health'];
/** The server also serves workers, which these protocols do not have. */
const unused = ['redis/redis: TTL of …', 'database/redis: TTL of …'];

function namesIn({ facts = {}, lease = [], interval, log, ...look }: Look): string[] {
  const leases = [lease].flat().map(({ name }) => name);
  const others = (['votes', 'value', 'token'] as const).filter((name) => look[name] !== undefined);
  const marks = log === undefined ? [] : ['committed', 'applied', 'next', 'match', 'no-op'];
  return [...Object.keys(facts), ...leases, ...(interval ? [interval.name] : []), ...others, ...marks];
}

/** The names that nodes showed, by protocol and role. */
function shownNames(): Map<string, Set<string>> {
  const shown = new Map<string, Set<string>>();
  for (const file of files) {
    const { scenario } = parseScenario(readFileSync(join(samples, file), 'utf8'), file, library);
    if (scenario === undefined) continue;
    const effects = new Effects();
    const world = start(scenario.setup, scenarioMonitors(scenario), effects);
    for (let taken = 0; taken <= stepsMost; taken++) {
      // Another node looks as it did: its state is the same.
      const acted = world.nodes[effects.acted];
      for (const { role, look } of acted ? [acted] : world.nodes) {
        const key = `${scenario.protocol.name}/${role}`;
        const names = shown.get(key) ?? new Set();
        for (const name of namesIn(look)) names.add(name);
        shown.set(key, names);
      }
      const action = nextAction(scenario, world);
      if (action === undefined) break;
      step(world, action, effects);
    }
  }
  return shown;
}

const shown = shownNames();

function explains(doc: string, name: string): boolean {
  return doc.endsWith('…') ? name.startsWith(doc.slice(0, -1)) : doc === name;
}

test('what roles explain of their look is shown by their nodes', () => {
  const unknown = library.flatMap(({ name, roles }) =>
    Object.entries(roles).flatMap(([role, { lookDocs = {} }]) => {
      const names = shown.get(`${name}/${role}`);
      if (names === undefined) return [];
      return Object.keys(lookDocs)
        .filter((doc) => ![...names].some((one) => explains(doc, one)))
        .map((doc) => `${name}/${role}: ${doc}`)
        .filter((doc) => ![...rare, ...unused].includes(doc));
    }));
  expect(unknown).toEqual([]);
});

/** Of a log, only what the protocol uses needs words. */
const ofLogs = ['next', 'match', 'committed', 'applied', 'no-op'];
/** Not explained yet. */
const missing = ['register-store/server: '];

test('what nodes show is explained by their roles', () => {
  const left = library.flatMap(({ name, roles }) =>
    Object.entries(roles).flatMap(([role, { lookDocs = {} }]) =>
      [...(shown.get(`${name}/${role}`) ?? [])]
        .filter((one) => !ofLogs.includes(one) && explanationOf(lookDocs, one) === undefined)
        .map((one) => `${name}/${role}: ${one}`)));
  expect(left.filter((one) => !missing.some((begin) => one.startsWith(begin)))).toEqual([]);
});
