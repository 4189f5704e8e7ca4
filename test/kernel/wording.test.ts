/** Summaries: an author's words for messages and events, which cannot hide or change anything. */
import { describe, expect, it, test } from 'vitest';
import { ProtocolWording, unitsOf } from '../../src/kernel/wording.ts';
import { messageDetails, messageLabel } from '../../src/kernel/text/message-text.ts';
import type { Protocol, Role } from '../../src/protocol/types.ts';

const body = { type: 'Accept', ballot: { round: 2, node: 'n1' }, value: 'x' };

type Accept = { value: string; ballot: { round: number; node: string } };

function wordingOf(summarize: (message: Accept) => unknown) {
  const role = { summary: { messages: { Accept: summarize } } } as unknown as Role;
  return new ProtocolWording(protocolOf({}), () => role);
}

function protocolOf(more: object): Protocol {
  return { roles: {}, events: {}, invariants: {}, ...more } as unknown as Protocol;
}

test('the summary of its role stands for a message, and its type is added', () => {
  const wording = wordingOf(({ ballot }) => `ballot ${ballot.round}.${ballot.node}`);
  expect(messageLabel({ from: 'n1', body }, wording)).toBe('Accept ballot 2.n1');
  const other = { from: 'n1', body: { ...body, type: 'Learn' } };
  expect(messageLabel(other, wording)).toBe('Learn ballot {round: 2, node: n1}, value x');
});

describe('a summary that fails', () => {
  const boom = () => {
    throw new Error('boom');
  };
  test.each<[string, (message: Accept) => unknown, RegExp]>([
    ['an error', boom, /^\(its summary threw: boom\)$/],
    ['a number', () => 5, /^\(its summary returned 5: it must return a string\)$/],
    ['nothing', () => undefined, /returned undefined/],
    ['a promise', () => Promise.resolve('x'), /returned a Promise/],
    ['a change of the message', (message) => (message.value = 'y'), /threw: .*read only/],
    ['a change inside it', (message) => (message.ballot.round = 9), /threw: .*read only/],
  ])('%s', (_, summarize, text) => {
    expect(messageDetails({ from: 'n1', body }, wordingOf(summarize))).toMatch(text);
    expect(body).toEqual({ type: 'Accept', ballot: { round: 2, node: 'n1' }, value: 'x' });
  });
});

it('is shown on one line, without invisible characters, and cut with a mark', () => {
  const hostile = wordingOf(() => 'a\nb\u001b[2J\u202e<b>');
  expect(messageDetails({ from: 'n1', body }, hostile)).toBe('a\\nb\\u001b[2J\\u202e<b>');
  const long = messageDetails({ from: 'n1', body }, wordingOf(() => 'x'.repeat(5_000)));
  expect(long).toMatch(/^x+… \(\+\d+\)$/);
  expect(long.length).toBeLessThanOrEqual(240);
});

it('is computed once for a message', () => {
  let calls = 0;
  const wording = wordingOf(() => String(++calls));
  expect(wording.message('n1', body)).toBe('1');
  expect(wording.message('n1', body)).toBe('1');
});

it('knows the units of fields from options, parameters, and what the protocol declares', () => {
  const roles = {
    worker: {
      options: { retryAfter: { kind: 'duration' }, wait: { kind: 'range' }, n: { kind: 'integer' } },
      operations: { lock: { parameters: { key: 'string', ttl: 'duration?', hold: 'duration' } } },
    },
  };
  const units = { ttl: 'seconds', wait: 'none', expireAt: 'milliseconds' };
  expect({ ...unitsOf(protocolOf({ roles, units })) }).toEqual({
    retryAfter: 1, hold: 1, ttl: 1_000_000, expireAt: 1_000,
  });
});
