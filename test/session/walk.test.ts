/** Whatever way led to a moment, it shows what a session shows that goes straight there. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { firstSeed, Random, seedCount } from '../fuzz/random.ts';
import { continuing } from '../../src/dap/requests/motions.ts';
import { programs } from './walker/programs.ts';
import { wholeSnapshotOf } from './walker/snapshot.ts';
import { arrive, Walker } from './walker/walker.ts';

const walks = seedCount(10, 0.1);
const motionsEach = 40;

const requests = seedCount(8, 0.2);
const requestNames = ['next', 'step in', 'step out', 'target', 'target', 'command', 'take', 'take'];

describe.each(programs)('random walks through $name', (program) => {
  test('show what direct ways show, and lose no action', async () => {
    for (let seed = firstSeed; seed < firstSeed + walks; seed++) {
      // The runner receives messages from its worker only between the walks.
      await setImmediate();
      const walker = new Walker(program, new Random(seed));
      const done: string[] = [];
      let before = walker.recorded();
      for (let count = 0; count < motionsEach; count++) {
        done.push(walker.move());
        const found = walker.differences();
        expect(found.slice(0, 5), `seed ${seed}: ${done.slice(-8).join(', ')}`).toEqual([]);
        const now = walker.recorded();
        for (const [run, actions] of before) {
          const known = now.get(run);
          if (known) expect(known.slice(0, actions.length)).toEqual(actions);
        }
        before = now;
      }
    }
  });
});

describe.each(programs)('a request in $name', (program) => {
  test('does the same at the end of what was recorded and before it', async () => {
    for (let seed = firstSeed; seed < firstSeed + requests; seed++) {
      await setImmediate();
      const atEnd = new Walker(program, new Random(seed), false);
      const before = new Walker(program, new Random(seed), false);
      const own = new Random(seed);
      arrive(before.session, continuing(before.session));
      const step = own.below(Math.min(before.session.step, 120));
      before.session.goto(step);
      while (atEnd.session.step < step) atEnd.move('action');
      for (const one of [atEnd, before]) one.random = new Random(seed);
      if (own.chance(0.4)) for (const one of [atEnd, before]) one.move('breakpoints');
      const name = own.pick(requestNames);
      const moved = [atEnd, before].map((one) => one.move(name));
      const what = `seed ${seed}: ${moved[0]} at step ${step}`;
      expect(moved[1], what).toBe(moved[0]);
      const shown = [atEnd, before].map(({ session }) => {
        const { reason } = session.stop;
        // A session that was stepped has a reason, where one that went there has another.
        const why = moved[0].endsWith('refused') ? '' : JSON.stringify(reason);
        const { inside } = session.cursor;
        return [why, JSON.stringify(inside), ...wholeSnapshotOf(session)];
      });
      const wrong = shown[0].filter((line, index) => line !== shown[1][index]);
      expect(wrong.slice(0, 4), what).toEqual([]);
    }
  });
});
