/** Summaries of a workspace protocol: what a trace shows of messages, and their limits. */
import { expect, test } from 'vitest';
import { output } from './run-protocol.ts';

const summary = (ping: string) => ({ more: `summary: { messages: { Ping: ${ping} } },` });

test('a trace shows what a role says about its messages', async () => {
  const text = await output(summary('({ n }: any) => `number ${n}`'));
  expect(text).toContain('deliver a->b#1 Ping number 1\n');
});

test('without a summary it shows all fields', async () => {
  expect(await output({})).toContain('deliver a->b#1 Ping n 1\n');
});

test('a summary that does not end, or that acts, is reported and ends', async () => {
  const endless = await output(summary('() => { for (;;) {} }'));
  expect(endless).toMatch(/deliver a->b#1 Ping \(its summary threw: .*1,000,000/);
  const changing = await output(summary('(message: any) => { message.n = 2; return "x"; }'));
  expect(changing).toContain('Ping (its summary threw: ');
  expect(changing).toMatch(/2 actions|[3-9] actions/);
});
