/** Packed values: they come back as they were, and what they share is written once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Packed, Packer, Unpacker } from '../../../src/view/export/pack.ts';

function packed(values: readonly object[]): Packed {
  const packer = new Packer();
  for (const value of values) packer.add(value);
  return JSON.parse(JSON.stringify(packer.packed)) as Packed;
}

function unpacked(of: Packed): unknown[] {
  const unpacker = new Unpacker(of);
  return Array.from({ length: unpacker.count }, (_, index) => unpacker.value(index));
}

describe('packed values', () => {
  test('come back as JSON would write them', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ minLength: 20, maxLength: 400 }),
      fc.array(fc.string({ minLength: 8 }), { minLength: 20, maxLength: 40 }).map((all) => all.join('\n')),
      fc.constantFrom('__proto__', 'list', 'lines', '</script>', '{{run}}'),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.boolean(),
        fc.constant(null),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
        fc.integer(),
        text,
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(text, tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(fc.record({ value, again: value })), (values) => {
        const plain = JSON.parse(JSON.stringify(values)) as unknown[];
        expect(unpacked(packed(values))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });

  test('leave out what is undefined, as JSON does', () => {
    expect(unpacked(packed([{ a: undefined, b: [undefined, 1] }]))).toEqual([{ b: [null, 1] }]);
  });

  test('share their equal parts, also the lines of long strings', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `    p0->>p1: message number ${i}`);
    const step = (from: number) => ({
      text: lines.slice(from, from + 20).join('\n'),
      items: lines.slice(from, from + 20).map((label) => ({ label, outcome: 'delivered' })),
    });
    const one = JSON.stringify(packed([step(0)])).length;
    const ten = JSON.stringify(packed(Array.from({ length: 10 }, (_, i) => step(i)))).length;
    expect(ten).toBeLessThan(one * 3);
    const [first, second] = unpacked(packed([step(0), step(1)])) as ReturnType<typeof step>[];
    expect(second!.items[0]).toBe(first!.items[1]);
  });

  test('do not depend on what happens to a value afterwards', () => {
    const packer = new Packer();
    const value = { items: [{ name: 'a' }] };
    packer.add(value);
    value.items.push({ name: 'b' });
    packer.add(value);
    expect(unpacked(packer.packed)).toEqual([
      { items: [{ name: 'a' }] },
      { items: [{ name: 'a' }, { name: 'b' }] },
    ]);
  });
});
