/** What the rows of a session fold without being told, and on which nodes operations are active. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import { itemInWords } from '../../src/view/panel-words/sequence.ts';
import { activationsOf, rowsOf } from '../../src/view/sequence/rows.ts';
import { sequenceSource } from '../../src/view/sequence/source.ts';
import { defaultSelection, type SequenceSelection } from '../../src/view/sequence/sequence-view.ts';
import { sessionOf } from '../session/sessions.ts';

function played(sample: string): Session {
  const session = sessionOf(readFileSync(`samples/${sample}.scenario.yaml`, 'utf8'));
  while (session.next() !== undefined) session.take(session.next()!);
  return session;
}

function itemsOf(session: Session, part: Partial<SequenceSelection> = {}) {
  return sequenceSource().view(session, { ...defaultSelection, rows: 160, ...part }).items;
}

const write = played('raft/replicate-one-write');
const fenced = played('distributed-locks/fenced-lock');

describe('what is folded', () => {
  test('is a declared heartbeat and its reply, unless it brings something about', () => {
    const items = itemsOf(write);
    const labels = items.filter(({ current, type }) => type === 'message' && !current).map(itemInWords);
    const beats = labels.filter((label) => label.includes('no entries'));
    // Each follower learns of each of two commits from one heartbeat.
    expect(beats).toHaveLength(4);
    for (const beat of beats) {
      const step = Number(/step (\d+)/.exec(beat)![1]);
      expect(items.some((item) => item.step === step && item.type === 'event')).toBe(true);
    }
    const replies = labels.filter((label) => label.startsWith('AppendEntriesResult'));
    // Only a reply that the last step has sent is shown: it is what happened now.
    expect(replies.filter((label) => label.includes('in flight'))).toHaveLength(1);
    expect(replies.filter((label) => label.includes('delivered'))).toHaveLength(4);
    const all = itemsOf(write, { heartbeats: 'shown' }).map(itemInWords);
    expect(all.filter((label) => label.includes('no entries')).length).toBeGreaterThan(4);
  });

  test('is the handshake of a connection', () => {
    const isOpening = (label: string) => /^SYN|^ConnectionOpened/.test(label);
    expect(itemsOf(fenced).map(itemInWords).filter(isOpening)).toEqual([]);
    const all = itemsOf(fenced, { heartbeats: 'shown' }).map(itemInWords);
    expect(all.filter(isOpening)).toHaveLength(16);
  });

  test('is not a handshake that fails', () => {
    const text = readFileSync('samples/distributed-locks/fenced-lock.scenario.yaml', 'utf8');
    const session = sessionOf(text.replace('steps:\n', 'steps:\n  - crash redis\n'));
    while (session.step < 60 && session.next() !== undefined) session.take(session.next()!);
    const labels = itemsOf(session).map(itemInWords);
    expect(labels.some((label) => /^(SYN|RST).*(lost|reset|refused)/.test(label))).toBe(true);
  });
});

describe('an operation is active', () => {
  test('on its client, and on the servers from the request to their answers', () => {
    const rows = rowsOf(itemsOf(fenced));
    const active = activationsOf(rows).map(({ node, operation, from, to }) => {
      const said = (index: number) => {
        const row = rows[index];
        return row?.type === 'items' ? itemInWords(row.items[0]!).replace(/, step.*/, '') : '';
      };
      return `${node} ${operation}: ${said(from)} – ${said(to)}`;
    });
    expect(active).toMatchInlineSnapshot(`
      [
        "A A#1: A invokes lock order42 ttl=10s – LockAcquired key order42, token 1 at A",
        "redis A#1: Lock key order42, ttl 10s, request 1, A to redis, delivered – Granted token 1, key order42, request 1, redis to A, delivered",
        "B B#1: B invokes lock order42 ttl=10s retry=1s – LockAcquired key order42, token 2 at B",
        "redis B#1: Lock key order42, ttl 10s, request 1, B to redis, delivered – Denied holder A, key order42, request 1, redis to B, refused",
        "B B#2: B invokes write inventory 0 – B, operation answered: OK",
        "db B#2: Write token 2, name inventory, value 0, grant token 2, request 12, B to db, delivered – Written token 2, request 12, db to B, delivered",
        "A A#2: A invokes write inventory 0 – A, operation failed: token 1 is older than 2",
        "db A#2: Write token 1, name inventory, value 0, grant token 1, request 2, A to db, delivered – Refused token 1, highest 2, request 2, db to A, refused",
      ]
    `);
  });

  test('on a server that forwards nothing until the response, if no answer of its own is shown', () => {
    const rows = rowsOf(itemsOf(write));
    const active = activationsOf(rows).filter(({ node }) => node === 'n1');
    expect(active).toHaveLength(1);
    const ends = [active[0]!.from, active[0]!.to].map((index) => {
      const row = rows[index]!;
      return row.type === 'items' ? itemInWords(row.items[0]!) : '';
    });
    expect(ends[0]).toContain('ClientRequest');
    expect(ends[1]).toContain('ClientResponse');
  });
});
