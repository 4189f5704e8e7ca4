/** Which nodes hold a lock and which believe it, at moments that are made up and in the samples. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import type { NodeMoment, NodeStatus } from '../../src/kernel/seam/moment.ts';
import type { Look } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { type Holding, holdings } from '../../src/view/holding.ts';
import { root } from '../architecture/source.ts';

const time = 10_000_000;

interface Made {
  readonly look: Look;
  readonly role?: string;
  readonly status?: NodeStatus;
  /** Its clock shows `offset + rate * time`. */
  readonly offset?: number;
  readonly rate?: number;
}

function held(nodes: Readonly<Record<string, Made>>): Holding[] {
  const made = Object.entries(nodes).map(([id, { look, ...more }], index) => {
    const { role = 'node', status = 'running', offset = 0, rate = 1 } = more;
    const clockAt = (at: number) => offset + rate * at;
    return { index, id, role, status, look, clockAt } as unknown as NodeMoment;
  });
  return holdings({ time, nodes: made });
}

/** `x: A#1 by lock; believed by A#1, B#2!`, where `!` says that the authority disagrees. */
function text({ of, authority, beliefs }: Holding): string {
  const name = (id: string, token: unknown) => (token === null ? id : `${id}#${String(token)}`);
  const holders = authority?.holders.map(({ name: id, token }) => name(id, token)) ?? [];
  const by = authority === null ? 'undecided' : `${holders.join('+') || 'free'} by ${authority.nodes.join(' ')}`;
  const believed = beliefs.map(({ node, token, isHeld }) => name(node, token) + (isHeld ? '' : '!'));
  return `${of}: ${by}; believed by ${believed.join(', ') || 'none'}`;
}

const own = (of: string, is: string, token?: number) => ({ of, is, own: true, ...(token && { token }) });

describe('one moment', () => {
  test('a holder that has lost the lock believes that it still has it', () => {
    const [x] = held({
      lock: { look: { authority: {}, holder: { of: 'x', is: 'B', token: 2, next: ['C'] } } },
      A: { look: { holder: own('x', 'A', 1) }, status: 'paused' },
      B: { look: { holder: own('x', 'B', 2) } },
    });
    expect(text(x!)).toBe('x: B#2 by lock; believed by A#1!, B#2');
    expect(x!.beliefs.map(({ isPaused }) => isPaused)).toEqual([true, false]);
    expect(x!.authority!.holders[0]!.next).toEqual(['C']);
  });

  test('the same holder under an older token does not hold it', () => {
    const [x] = held({
      lock: { look: { authority: {}, holder: { of: 'x', is: 'A', token: 2 } } },
      A: { look: { holder: own('x', 'A', 1) } },
    });
    expect(text(x!)).toBe('x: A#2 by lock; believed by A#1!');
  });

  test('what an authority does not mention is free; without one, beliefs decide', () => {
    const A = { look: { holder: own('x', 'A') } };
    expect(held({ lock: { look: { authority: {} } }, A }).map(text)).toEqual(['x: free by lock; believed by A!']);
    expect(held({ A }).map(text)).toEqual(['x: undecided; believed by A']);
    const other = { look: { holder: { of: 'x', is: 'A' } } };
    expect(held({ other })).toEqual([]);
  });

  test('a crashed node believes nothing, and its record stays', () => {
    const [x] = held({
      lock: { look: { authority: {}, holder: { of: 'x', is: 'A' } }, status: 'crashed' },
      A: { look: { holder: own('x', 'A') }, status: 'crashed' },
    });
    expect(text(x!)).toBe('x: A by lock; believed by none');
    expect(x!.authority!.isUp).toBe(false);
  });

  test('of several copies, the newest counts, even if it mentions nothing', () => {
    const old = { look: { authority: { version: 4 }, holder: { of: 'x', is: 'A' } } };
    const fresh = { look: { authority: { version: 5 } } };
    expect(held({ n1: old, n2: fresh }).map(text)).toEqual(['x: free by n2; believed by none']);
    const replica = { look: { authority: {}, holder: { of: 'x', is: 'B', version: 7 } } };
    expect(held({ n1: old, n2: replica }).map(text)).toEqual(['x: B by n2; believed by none']);
  });

  test('a quorum decides, and each of its votes ends by its own clock', () => {
    const vote = (is: string, until: number): Look => ({
      authority: {}, holder: { of: 'x', is, needed: 2 }, lease: { name: 'TTL', until, of: 'x' },
    });
    const [n1, n2] = [{ look: vote('A', time + 5) }, { look: vote('A', time + 9) }];
    const [x] = held({ n1, n2, n3: { look: vote('B', time + 9) } });
    expect(text(x!)).toBe('x: A by n1 n2 n3; believed by none');
    expect(x!.authority!.holders[0]!.end).toEqual({ own: time + 5, at: time + 5, isOver: false });
    const early = { ...n2, offset: 9 };
    expect(held({ n1, n2: early }).map(text)).toEqual(['x: free by n1 n2; believed by none']);
  });

  test('a lease ends when the clock of its node shows its end', () => {
    const look: Look = { holder: own('x', 'A'), lease: { name: 'validity', until: time, of: 'x' } };
    const [slow] = held({ A: { look, offset: -1_000 } });
    expect(slow!.beliefs[0]!.end).toEqual({ own: time, at: time + 1_000, isOver: false });
    const [drifting] = held({ A: { look, rate: 0.5 } });
    expect(drifting!.beliefs[0]!.end).toEqual({ own: time, at: 2 * time, isOver: false });
    const [fast] = held({ A: { look, offset: 1_000 } });
    expect(fast!.beliefs[0]!.end).toEqual({ own: time, at: time - 1_000, isOver: true });
  });

  test('several may hold what is shared', () => {
    const holder = ['A', 'B'].map((is) => ({ of: 'row', is, shared: true }));
    const [row] = held({ server: { look: { authority: {}, holder } } });
    expect(text(row!)).toBe('row: A+B by server; believed by none');
    expect(row!.authority!.holders.every(({ isShared }) => isShared)).toBe(true);
  });

  test('of two leaders the one of the later epoch leads, unless most peers are beyond it', () => {
    const server = (standing: string, value: number, tone: Look['tone'] = 'lead') => ({
      look: { standing, tone, epoch: { name: 'term', value } },
    });
    const follower = (value: number) => server('follower', value, 'follow');
    const two = held({ n1: server('leader', 1), n2: server('leader', 2), n3: follower(2) });
    expect(two.map(text)).toEqual(['leader: n2#2 by n1 n2 n3; believed by n1#1!, n2#2']);
    const beyond = held({ n1: server('leader', 1), n2: follower(2), n3: follower(2) });
    expect(beyond.map(text)).toEqual(['leader: free by n1 n2 n3; believed by n1#1!']);
  });
});

// The samples

const folder = join(root, 'samples');
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.scenario.yaml'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();
/** With other protocols, nothing is held that a pass over more samples would show. */
const families = [
  'distributed-locks', 'kubernetes', 'job-scheduler', 'caches', 'database-failover', 'spanner',
  'cockroach',
];
const actionsMax = 400;

interface Found {
  /** Where an authority has two holders of what is not shared. */
  readonly two: string[];
  readonly held: Set<string>;
  /** What a node believes to hold and the authority does not. */
  readonly lost: Set<string>;
}

function look(name: string): Found {
  const found: Found = { two: [], held: new Set(), lost: new Set() };
  const text = readFileSync(join(folder, name), 'utf8');
  const { scenario } = parseScenario(text, name, library);
  if (scenario === undefined) return found;
  const listener = (world: Parameters<NonNullable<Parameters<typeof simulate>[1]>>[0]) => {
    // Moments next to each other differ in one node.
    if (world.step % 5 !== 0) return;
    for (const { of, authority, beliefs } of holdings(world)) {
      if (authority !== null && authority.holders.length > 0) found.held.add(of);
      if (beliefs.some(({ isHeld }) => !isHeld)) found.lost.add(of);
      const sole = authority?.holders.some(({ isShared }) => !isShared) ?? false;
      if (sole && authority!.holders.length > 1) found.two.push(`${of} at ${world.step}`);
    }
  };
  simulate(scenario, listener, { actionsMax });
  return found;
}

test.each(families)('in the samples of %s, no authority has two holders', (family) => {
  const own = names.filter((name) => name.startsWith(`${family}/`) && !name.includes('.broken.'));
  const found = own.map((name) => look(name));
  expect(found.length).toBeGreaterThan(2);
  expect(found.some(({ held: all }) => all.size > 0)).toBe(true);
  expect(found.flatMap(({ two }) => two)).toEqual([]);
});

test.each([
  'distributed-locks/fenced-lock', 'distributed-locks/pause-past-ttl',
  'distributed-locks/redlock-pause', 'distributed-locks/zookeeper-pause',
  'kubernetes/paused-leader', 'job-scheduler/takeover',
])('a holder of %s does not know that it is none', (name) => {
  const { held: all, lost } = look(`${name}.scenario.yaml`);
  expect([...lost].filter((of) => all.has(of))).not.toEqual([]);
});
