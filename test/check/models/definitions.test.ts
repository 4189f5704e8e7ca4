// Small random histories have the verdict that the definition of each model gives.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkModel, modelOf } from '../../../src/check/models/models.ts';
import type { History, Specification } from '../../../src/protocol/history.ts';
import * as objects from '../../../src/protocol/specifications/objects.ts';
import * as definitions from './brute-force.ts';
import { randomHistory } from './random-histories.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 0);
const numRuns = Math.max(120, seeds);

type Definition = (history: History, specification: Specification) => boolean;

function agree(
  name: string,
  definition: Definition,
  specification: Specification,
  operations: readonly string[],
  most: number,
): void {
  const counts = { holds: 0, violated: 0 };
  const property = fc.property(randomHistory(operations, most), (history) => {
    const expected = definition(history, specification) ? 'holds' : 'violated';
    counts[expected]++;
    expect(checkModel(history, modelOf(name)!, specification).type).toBe(expected);
  });
  fc.assert(property, { numRuns, seed: 11 });
  // A test of one verdict only would say little.
  expect(Math.min(counts.holds, counts.violated)).toBeGreaterThan(numRuns / 50);
}

const register = objects.register(0);
const registers = ['write', 'read', 'read'];
const ofGuarantee = (guarantee: string): Definition => (history) =>
  definitions.hasGuarantee(history, guarantee);

describe('registers', () => {
  test.each<[string, Definition]>([
    ['linearizable', definitions.isLinearizable],
    ['sequential', definitions.isSequential],
    ['causal-memory', definitions.isCausalMemory],
    ['causal-convergent', definitions.isCausalConvergent],
    ['PRAM', definitions.isPram],
    ['coherent', definitions.isCoherent],
    ['read-your-writes', ofGuarantee('read-your-writes')],
    ['monotonic-reads', ofGuarantee('monotonic-reads')],
    ['monotonic-writes', ofGuarantee('monotonic-writes')],
    ['writes-follow-reads', ofGuarantee('writes-follow-reads')],
    ['eventual', definitions.isEventual],
  ])('%s is decided as defined', (name, definition) => {
    agree(name, definition, register, registers, 6);
  });
});

describe('other objects', () => {
  test.each<[string, Specification, readonly string[]]>([
    ['a register with compare-and-set', objects.casRegister(0), ['write', 'read', 'cas']],
    ['a store with appends', objects.keyValue(''), ['append', 'put', 'get']],
    ['a queue', objects.queue(), ['enqueue', 'dequeue']],
    ['a lock', objects.mutex(), ['acquire', 'release']],
  ])('%s', (_name, specification, operations) => {
    const definitionsOf: [string, Definition][] = [
      ['linearizable', definitions.isLinearizable],
      ['sequential', definitions.isSequential],
      ['coherent', definitions.isCoherent],
      ['PRAM', definitions.isPram],
    ];
    for (const [name, definition] of definitionsOf) {
      fc.assert(
        fc.property(randomHistory(operations, 4), (history) => {
          const expected = definition(history, specification) ? 'holds' : 'violated';
          expect(checkModel(history, modelOf(name)!, specification).type).toBe(expected);
        }),
        { numRuns: Math.max(25, seeds), seed: 12 },
      );
    }
  });
});
