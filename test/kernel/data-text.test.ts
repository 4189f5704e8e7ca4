/** Fields of messages and events in words: nested values, units, and what a cut value shows. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  cutText, dataText, detailsMost, fieldsText, labelMost, noUnits, printable,
} from '../../src/kernel/text/data-text.ts';

const long = 'x'.repeat(500);

describe('fields', () => {
  test.each([
    [{ from: 0, to: 1 }, 'from 0 to 1'],
    [{ to: 'A', from: 'B' }, 'to A, from B'],
    [{ term: 2, granted: true, late: false }, 'term 2, granted, not late'],
    [{ ballot: { round: 1, node: 'n1' }, value: 'x' }, 'ballot {round: 1, node: n1}, value x'],
    [{ accepted: [{ slot: 1, ballot: [2, 'n1'] }] }, 'accepted [{slot: 1, ballot: [2, n1]}]'],
    [{ a: null, b: undefined, c: '', d: [], e: {} }, 'a null, b not set, c "", d [], e {}'],
    [{ names: ['a b', '7', 'true', 'c'] }, 'names ["a b", "7", "true", c]'],
    [{ n: -0, m: Infinity }, 'n -0, m Infinity'],
    [{ '': 1, 'a\nb': 2 }, '"" 1, a\\nb 2'],
    [{ text: 'one\ntwo\u001b[31m\u202e' }, 'text one\\ntwo\\u001b[31m\\u202e'],
  ])('%j', (fields, text) => {
    expect(fieldsText(fields, noUnits)).toBe(text);
  });

  it('shows durations with their units, at any depth', () => {
    const units = { ttl: 1, lease: 1_000_000, expireAt: 1_000 };
    expect(fieldsText({ ttl: 2_000_000 }, units)).toBe('ttl 2s');
    expect(fieldsText({ grant: { ttl: 850, lease: 3 }, expireAt: 1_500.5 }, units)).toBe(
      'grant {ttl: 850us, lease: 3s}, expireAt 1.5005s',
    );
    expect(fieldsText({ ttl: 'none', lease: Infinity }, units)).toBe('ttl none, lease Infinity');
    expect(dataText(12_013_941, noUnits, 60, 1)).toBe('12.013941s');
  });

  it('needs no name for the field that is named like its message', () => {
    const room = { nameless: 'Command' };
    expect(fieldsText({ command: ['SET', 'x', 1], id: 3 }, noUnits, room)).toBe('SET x 1, id 3');
  });
});

describe('a value that is too long', () => {
  it('leaves the short fields whole, wherever they are', () => {
    const text = fieldsText({ value: long, ballot: { round: 3, node: 'n1' } }, noUnits);
    expect(text).toMatch(/^value x+… \(\+\d+\), ballot \{round: 3, node: n1\}$/);
    const nested = fieldsText({ accept: { value: long, ballot: [3, 'n1'] } }, noUnits);
    expect(nested).toMatch(/^accept \{value: x+… \(\+\d+\), ballot: \[3, n1\]\}$/);
  });

  it('says how much of it is missing', () => {
    expect(cutText('abcdefghijklmnop', 12)).toBe('abc… (+13)');
    const list = Array.from({ length: 60_000 }, (_, index) => index);
    const text = dataText(list, noUnits, 40);
    const shown = text.split(',').length - 1;
    expect(text).toMatch(new RegExp(`, … ${60_000 - shown} more\\]$`));
    const fields = Object.fromEntries(list.slice(0, 100).map((one) => [`field${one}`, one]));
    expect(fieldsText(fields, noUnits, { most: labelMost })).toMatch(/^field0 0, .*, … 92 more$/);
  });

  it('does not split a character, and ends for a value that contains itself many times', () => {
    expect(cutText('😀'.repeat(20), 12)).toBe('😀… (+38)');
    let deep: unknown = 1;
    for (let depth = 0; depth < 500; depth++) deep = { deep, also: [deep] };
    expect(dataText(deep).length).toBeLessThan(200);
  });

  it('stays near its limit, on one line, for any data', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const text = fieldsText(fields, noUnits);
        expect(text.length).toBeLessThan(2 * detailsMost);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('shows each field whole that is no longer than its share', () => {
    const field = fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.constant(long));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 12 }), (values) => {
        const fields = Object.fromEntries(values.map((value, index) => [`f${index}`, value]));
        const text = fieldsText(fields, noUnits);
        values.forEach((value, index) => {
          const alone = fieldsText({ [`f${index}`]: value }, noUnits);
          if (value !== long) expect(text).toContain(alone);
        });
      }),
    );
  });
});

it('writes invisible characters as their codes', () => {
  expect(printable('a\r\n\tb\u0007\u200b\u2028\ud800\u{e0001}')).toBe(
    'a\\r\\n\\tb\\u0007\\u200b\\u2028\\ud800\\u{e0001}',
  );
});

it('writes fields in hexadecimal that their protocol declares so', () => {
  const units = { zxid: 'hexadecimal' } as const;
  const fields = { zxid: 0x1_0000_0002, vote: { zxid: -1 }, count: 16 };
  expect(fieldsText(fields, units)).toBe('zxid 0x100000002, vote {zxid: -1}, count 16');
});
