/** The statements of a handler are those at which Node's own debugger pauses, in that order. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Effects } from '../../src/kernel/effects.ts';
import { hooks, Instrumented } from '../../src/code/transform/instrument.ts';
import { Recorder } from '../../src/code/record/recorder.ts';
import { strip } from '../../src/code/transform/strip.ts';
import { inspectorStops } from './inspector.ts';

const source = readFileSync(new URL('./functions/steps.ts', import.meta.url), 'utf8');
const text = strip('steps.ts', source);
const lines = source.split('\n');

interface Place {
  readonly line: number;
  readonly depth: number;
}

/** The statements that our recorder records. */
function ourStops(name: string): Place[] {
  const whole = new Instrumented(text, { sites: 'all', counts: true }, 0, 0);
  const exports: Record<string, (node: object) => void> = {};
  const recorder = new Recorder();
  new Function('exports', 'require', hooks, whole.code)(exports, () => ({}), recorder);
  const records = recorder.record(new Effects(), () => exports[name]({ send() {} }));
  return records.sites.map((site, index) => ({
    line: whole.sites[site].line,
    depth: records.depths[index],
  }));
}

/**
 * Merges consecutive stops on one line, also those around a call: we stop at statements, and the
 * inspector also between two calls of one statement. It stops at closing braces too, we do not.
 */
function merged(stops: readonly Place[]): string[] {
  const least = Math.min(...stops.map(({ depth }) => depth));
  const last: number[] = [];
  return stops
    .filter(({ line }) => !/^[\s});]*$/.test(lines[line - 1]))
    .filter(({ line, depth }) => {
      const isNew = last[depth] !== line;
      last.length = depth;
      last[depth] = line;
      return isNew;
    })
    .map(({ line, depth }) => `${'  '.repeat(depth - least)}${line}: ${lines[line - 1].trim()}`);
}

describe('the lines of a function', () => {
  test.each(['loops', 'exceptions', 'branches', 'closures'])(
    '%s are those of the inspector',
    async (name) => {
      const theirs = await inspectorStops(text.code, name);
      expect(merged(ourStops(name))).toEqual(merged(theirs));
    },
  );

  test('of a generator alternate with those of its caller', () => {
    const ours = merged(ourStops('generators')).map((line) => line.replace(/:.*/, ''));
    const each = ['  10', '  11', '104'];
    expect(ours).toEqual(['103', ...each, '103', ...each, '103', '  10']);
  });
});
