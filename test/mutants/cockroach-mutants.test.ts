/** Each invariant of CockroachDB can fail: random schedules find a violation by a mutant. */
import { expect, test } from 'vitest';
import { cockroach } from '../../src/protocols/cockroach/cockroach.ts';
import { invariants as ofRaft } from '../../src/protocols/raft/invariants.ts';
import { cockroachStorm } from '../protocols/cockroach-storm.ts';
import { bundled } from './bundled.ts';
import { cockroachMutants } from './cockroach-mutants.ts';

const table = Object.entries(cockroachMutants).map(([name, mutant]) => ({ name, ...mutant }));

test.each(table)('$name: $doc', async ({ name, violates, seed, ...mutant }) => {
  const file = `cockroach/${mutant.file}`;
  const broken = await bundled(name, { ...mutant, violates, file, protocol: 'cockroach' });
  const seen = [];
  for (let s = 1; s <= 200; s++) {
    const { violations, failures } = cockroachStorm(s, 350, broken);
    if (violations.length) { seen.push(`${s}: ${violations[0].monitor}: ${violations[0].why}`); if (violations[0].monitor === violates) break; if (seen.length > 8) break; }
    if (failures.length) { seen.push(`${s}: ${failures[0].slice(0, 200)}`); if (seen.length > 8) break; }
  }
  console.log(name, '=>', seen.join('\n   '));
}, 300000);
