/** Reverse continue finds the same stops as continue, in reverse order. */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Breakpoint } from '../../src/session/breakpoints/breakpoint.ts';
import { parseHitRule } from '../../src/session/breakpoints/hits.ts';
import { placeInCode } from '../../src/session/breakpoints/placement.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import { ReverseSearch } from '../../src/session/reverse.ts';
import type { Session } from '../../src/session/session.ts';
import type { Stop } from '../../src/session/stop.ts';
import { begin } from '../../src/session/boot.ts';
import { firstSeed, Random, seedCount } from '../fuzz/random.ts';
import { breakpoint, election, sessionOf } from './sessions.ts';
import { randomBreakpoints, setAll } from './walker/breakpoints.ts';
import { programs } from './walker/programs.ts';

const mirrors = seedCount(8, 0.3);
/** A run with more stops than this has breakpoints that show nothing new. */
const stopsMost = 60;

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 60);

const kinds: readonly ((session: Session) => Breakpoint)[] = [
  () => breakpoint({ type: 'event', name: 'TermChanged' }),
  () => breakpoint({ type: 'event', name: 'EntryApplied', node: 'n2' }),
  () => breakpoint({ type: 'scenario', step: 1 }, { origin: 'line' }),
  () => breakpoint({ type: 'scenario', step: 2 }, { origin: 'line' }),
  () => breakpoint({ type: 'function', kind: 'message', name: 'AppendEntries' }),
  () => breakpoint({ type: 'function', kind: 'timer', name: 'election', node: 'n3' }),
  () => breakpoint({ type: 'data', node: 0, path: ['commitIndex'] }, { origin: 'data' }),
  () => breakpoint({ type: 'event', name: 'EntryAppended' }, { hitRule: parseHitRule('% 3')! }),
  (session) => atLine(session, 'broadcast(node, {'),
  (session) => atLine(session, 'const from = state.currentTerm', { hitRule: parseHitRule('% 2')! }),
  ({ script }) => {
    const text = 'state.currentTerm > 1';
    const compiled = script.scenario.language.condition(text, [
      'event',
      'message',
      'node',
      'state',
    ]);
    if ('fault' in compiled) throw new Error(compiled.fault.message);
    return breakpoint({ type: 'event', name: 'VoteGranted' }, { condition: compiled.expression });
  },
];

function atLine(session: Session, text: string, parts: Partial<Breakpoint> = {}): Breakpoint {
  const { code } = session;
  const line = code.files.get('raft/raft.ts')!.split('\n').findIndex((one) => one.includes(text)) + 1;
  const placed = placeInCode(code, 'raft/raft.ts', line);
  if ('problem' in placed) throw new Error(placed.problem.type);
  return breakpoint(placed.trigger, { origin: 'line', ...parts });
}

function reverse(session: Session): Stop {
  const search = new ReverseSearch(session);
  for (;;) {
    const stop = search.advance(1_000);
    if (stop) return stop;
  }
}


const placeOf = ({ cursor, stop }: Session) =>
  `${cursor.step} ${JSON.stringify(cursor.inside)}: ${JSON.stringify(stop.reason)} ${stop.breakpoints.join()}`;

describe('reverse continue', () => {
  test('finds what continue found', async () => {
    const chosen = fc.uniqueArray(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 5 });
    const one = fc.integer({ min: 1, max: 12 });
    const property = fc.asyncProperty(one, chosen, async (seed, numbers) => {
      // The runner receives messages from its worker only between the runs, and gives up after a
      // minute without.
      await setImmediate();
      const session = sessionOf(election(seed));
      session.setBreakpoints(numbers.map((number) => kinds[number](session)));
      const forwards: string[] = [];
      while (session.run(untilBreakpoint).type !== 'end') forwards.push(placeOf(session));
      const backwards: string[] = [];
      while (reverse(session).type !== 'entry') backwards.push(placeOf(session));
      expect(backwards.reverse()).toEqual(forwards);
    });
    await fc.assert(property, { numRuns: seeds, seed: 1 });
  });

  test.each(programs)('finds it in $name with any breakpoints', async (program) => {
    for (let seed = firstSeed; seed < firstSeed + mirrors; seed++) {
      await setImmediate();
      const random = new Random(seed);
      const session = program.open();
      setAll(session, randomBreakpoints(session, random));
      const forwards = [...(begin(session) ? [placeOf(session)] : [])];
      while (session.run(untilBreakpoint).type !== 'end' && forwards.length < stopsMost)
        forwards.push(placeOf(session));
      const backwards: string[] = [];
      while (reverse(session).type !== 'entry') backwards.push(placeOf(session));
      expect(backwards.reverse(), `seed ${seed}`).toEqual(forwards);
    }
  });

  test('goes to the start if nothing stops it, and log points stay silent', () => {
    const output: string[] = [];
    const session = sessionOf(election(), output);
    const log = () => 'logged';
    session.setBreakpoints([breakpoint({ type: 'event', name: 'TermChanged' }, { log })]);
    session.run(untilBreakpoint);
    const logged = output.length;
    expect(logged).toBeGreaterThan(0);
    expect(reverse(session).type).toBe('entry');
    expect(session.step).toBe(0);
    expect(output).toHaveLength(logged);
  });
});
