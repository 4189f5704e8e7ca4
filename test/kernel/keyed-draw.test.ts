/** Draws are keyed: a draw depends on its purpose, and on nothing that happened elsewhere. */
import { expect, test } from 'vitest';
import { keyOf, draw, drawBetween, drawChance } from '../../src/kernel/keyed-draw.ts';
import { leaseSetup } from './lease.ts';
import { runScript } from './script.ts';

test('the same key and ordinal give the same number, and others give others', () => {
  const key = keyOf(7, 'latency', 'n1', 'n2');
  expect(draw(key, 4)).toBe(draw(keyOf(7, 'latency', 'n1', 'n2'), 4));
  const others = [keyOf(8, 'latency', 'n1', 'n2'), keyOf(7, 'latency', 'n2', 'n1')];
  for (const other of others) expect(draw(other, 4)).not.toBe(draw(key, 4));
  // These never change: traces of older versions must replay.
  expect([1, 2, 3].map((ordinal) => draw(key, ordinal))).toMatchInlineSnapshot(`
    [
      2834841551,
      1678423140,
      1536385834,
    ]
  `);
});

test('draws are spread evenly over their range, both ends included', () => {
  const key = keyOf(1, 'spread');
  const counts = new Array<number>(10).fill(0);
  for (let i = 1; i <= 100_000; i++) counts[drawBetween(key, i, 0, 9)]++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  let hits = 0;
  for (let i = 1; i <= 100_000; i++) if (drawChance(key, i, 0.05)) hits++;
  expect(Math.abs(hits - 5_000)).toBeLessThan(300);
});

test('removing one message from a run leaves the delays of the others unchanged', () => {
  const script = (first: string) => `A lease {}\n${first}\nB lease {}\nrun 8ms`;
  const arrival = (text: string) => /(\S+) deliver B->server#1/.exec(text)![1];
  const whole = runScript(leaseSetup(), script(''));
  const without = runScript(leaseSetup(), script('drop A->server#1'));
  expect(arrival(without.text)).toBe(arrival(whole.text));
});
