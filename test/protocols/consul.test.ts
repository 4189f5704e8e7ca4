/** Consul's locks as the Go library has them: sessions, monitors, lock-delays, operators, faults. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Story {
  nodes?: string;
  steps: readonly string[];
  expect?: readonly string[];
  seeds?: number;
}

/** The reasons of all violated verdicts, with each of a few seeds. */
function violated(story: Story): string[] {
  const { steps, expect: expectations = [], seeds = 3 } = story;
  const nodes = story.nodes ?? '{ consul: server, ops: operator, A: worker, B: worker, db: storage }';
  const lines = (list: readonly string[]) => list.map((line) => `  - ${line}\n`).join('');
  const expected = expectations.length > 0 ? `expect:\n${lines(expectations)}` : '';
  const found: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const text = `protocol: consul-lock\nnodes: ${nodes}\nseed: ${seed}\nsteps:\n${lines(steps)}${expected}`;
    const { scenario, problems } = parseScenario(text, 'story', library);
    expect(problems).toEqual([]);
    for (const one of simulate(scenario!).verdicts) {
      if (one.type === 'violated') found.push(verdictReason(one)!);
    }
  }
  return found;
}

const holds = (story: Story) => expect(violated(story)).toEqual([]);

describe('the monitor of a held lock', () => {
  const restart = ['crash consul', 'wait 5s', 'restart consul', 'wait 20s'];

  test('ends at the first failed query, though the lock may still be held', () =>
    holds({
      steps: ['A lock job ttl=15s', ...restart],
      expect: [
        'event LossNoticed at A where time < 6.0',
        'no event SessionInvalidated',
        'end: consul.state.keys.job.session == "s1"',
      ],
    }));

  test('rides out as many failed queries as it may', () =>
    holds({
      steps: ['A lock job ttl=15s monitorRetries=5', ...restart],
      expect: [
        'event MonitorFailed at A where event.retries == 5 && event.error == "connection refused"',
        'no event LossNoticed',
      ],
    }));

  test('counts the failures from each success anew, and ends at one too many', () =>
    holds({
      steps: [
        'A lock job ttl=60s monitorRetries=2 monitorRetryTime=3s',
        'crash consul', 'wait 4s', 'restart consul', 'wait 20s',
        'crash consul', 'wait 4s', 'restart consul', 'wait 20s',
        'crash consul', 'wait 10s', 'restart consul', 'wait 20s',
      ],
      expect: ['no event LossNoticed where time < 48.0', 'event LossNoticed at A where time > 48.0'],
    }));

  test('does not notice a silent server before keep-alives end its connection', () =>
    holds({
      steps: [
        'A lock job ttl=10s', 'wait 1s', 'partition A | consul', 'start B lock job ttl=10s', 'wait until B answered',
        'wait 400s',
      ],
      expect: [
        'event TwoHolders where event.first == "A" && event.second == "B"',
        'no event LossNoticed at A where time < 250.0',
        'event LossNoticed at A where time < 331.0',
      ],
    }));

  test('keeps its session after a loss, until it unlocks', () =>
    holds({
      steps: [
        'A lock job ttl=10s', 'crash consul', 'wait 1s', 'restart consul', 'wait 60s',
        'A lock job ttl=10s fails', 'B tryLock job waitTime=1s fails', 'A unlock job answers true',
        'B lock job', 'A unlock job fails',
      ],
      expect: ['event LossNoticed at A', 'event LockReleased at A'],
    }));
});

describe('a session', () => {
  test('of each lock has the options of that lock', () =>
    holds({
      steps: [
        'A lock x ttl=10s lockDelay=1s', 'A lock y ttl=60s lockDelay=20s behavior=delete', 'crash A',
        'wait 200s',
      ],
      expect: [
        'event SessionInvalidated where event.session == "s1" && time > 20.0 && time < 21.0',
        'event LockDelayed where event.key == "x" && event.delay == 1000000',
        'event SessionInvalidated where event.session == "s2" && time > 120.0 && time < 121.0',
        'event LockDelayed where event.key == "y" && event.delay == 20000000',
        'end: consul.state.keys.x.session == null && !("y" in consul.state.keys)',
      ],
    }));

  test('is renewed at half its TTL, and each second after a failure', () =>
    holds({
      steps: ['A lock x ttl=20s monitorRetries=9', 'wait 9s', 'crash consul', 'wait 7s', 'restart consul', 'wait 60s'],
      expect: ['no event SessionEnded', 'no event SessionInvalidated', 'no event LossNoticed'],
    }));

  test('that a lock did not get is destroyed', () =>
    holds({
      steps: ['A lock x', 'B lock x tryOnce=true waitTime=2s fails', 'wait 1s'],
      expect: ['event SessionInvalidated where event.client == "B"', 'end: consul.state.sessions.size() == 1'],
    }));

  test.each([
    ['lockDelay=0s', 'omits a lockDelay of 0s'],
    ['lockDelay=90s', 'must be from 1ms to 60s'],
    ['ttl=5s', 'a TTL must be from 10s to 24h'],
    ['behavior=keep', 'must be release or delete'],
    ['monitorRetryTime=5s', 'no effect with 0 monitorRetries'],
    ['waitTime=20000s', 'at most 10 minutes'],
  ])('with %s is refused: %s', (argument, reason) => {
    const [why] = violated({ steps: [`A lock x ${argument} answers 1`], seeds: 1 });
    expect(why).toContain(reason);
  });
});

describe('a lock-delay', () => {
  const failover = [
    'A lock job ttl=10s lockDelay=60s', 'A close', 'crash consul', 'restart consul',
    'B lock job ttl=10s within 120s',
  ];

  test('survives a failover, because each server has set it', () =>
    holds({ steps: failover, expect: ['no event LockAcquired at B where time < 50.0'] }));

  test('goes on during the failover', () =>
    holds({
      steps: [
        'A lock job ttl=10s lockDelay=30s', 'A close', 'wait 1s', 'crash consul', 'wait 40s',
        'restart consul', 'B lock job ttl=10s within 1s',
      ],
    }));

  test('is forgotten by a lone server that restarts', () => {
    const nodes = '{ consul: { role: server, failover: false }, A: worker, B: worker }';
    const why = /^s2 acquired job .* but the lock-delay is 1m|60s: the last holder/;
    expect(violated({ nodes, steps: failover, seeds: 1 })).toEqual([expect.stringMatching(why)]);
  });

  test('is shorter if the clock of the server is fast, which an invariant reports', () => {
    const drifting = (drift: string) => ({
      nodes: `{ consul: { role: server, clock: { drift: ${drift} } }, A: worker, B: worker }`,
      steps: ['A lock job ttl=10s', 'A close', 'B lock job within 60s'],
      seeds: 1,
    });
    expect(violated(drifting('0.5%'))).toEqual([]);
    expect(violated(drifting('60%'))).toEqual([
      expect.stringMatching(/^s2 acquired job .* but the lock-delay is 15s/),
    ]);
  });

  test('and a session last long enough while the clock is less than twice as fast', () => {
    const drifting = (drift: string) => ({
      nodes: `{ consul: { role: server, clock: { drift: ${drift} } }, A: worker }`,
      steps: ['A lock job ttl=10s', 'pause A for 30s', 'wait 40s'],
      seeds: 1,
    });
    expect(violated(drifting('90%'))).toEqual([]);
    expect(violated(drifting('150%'))).toEqual([
      expect.stringMatching(/^s1 of A expired .* but its TTL is 10s/),
    ]);
  });
});

describe('an operator', () => {
  test('that deletes the key lets the next one in at once, with the same LockIndex', () =>
    holds({
      steps: [
        'A lock job', 'start B lock job', 'wait until LockRefused at B', 'wait 1s',
        'ops kv delete job answers true', 'wait until B answered within 1s', 'wait 1s',
      ],
      expect: [
        'event KeyDeleted where event.by == "ops" && event.session == "s1"',
        'event LossNoticed at A', 'no event LockDelayed', 'event LockAcquired at B where event.token == 1',
      ],
    }));

  test('that destroys the session starts the lock-delay', () =>
    holds({
      steps: [
        'A lock job', 'start B lock job', 'wait 1s', 'ops session destroy s1', 'wait until B answered',
      ],
      expect: [
        'event LossNoticed at A where time < 2.0', 'event LockDelayed where event.key == "job"',
        'no event LockAcquired at B where time < 16.0',
      ],
    }));

  test('that writes the key turns it into one that is not for locks', () =>
    holds({
      steps: [
        'A lock job', 'ops kv put job paused', 'A unlock job', 'ops kv get job',
        'B lock job fails', 'B destroy job fails', 'ops kv delete job', 'B lock job',
      ],
    }));

  test('is told what is not modelled', () => {
    const [why] = violated({ steps: ['ops kv export job answers true'], seeds: 1 });
    expect(why).toContain("Lockstep's Consul does not model `kv export`");
    const [other] = violated({ steps: ['ops kv get job 5 answers true'], seeds: 1 });
    expect(other).toContain('takes no value');
    for (const [command, flag] of [
      ['kv put -release job', '-release'], ['kv get -recurse job', '-recurse'],
      ['kv -h job', '-h'], ['session destroy -token', '-token'],
    ]) {
      const [refused] = violated({ steps: [`ops ${command} answers true`], seeds: 1 });
      expect(refused).toContain(`does not model flags of \`${command.split(' ')[0]}\`: leave ${flag} out`);
    }
    for (const value of ['-', '"@file"']) {
      const [refused] = violated({ steps: [`ops kv put job ${value} answers true`], seeds: 1 });
      expect(refused).toContain('does not model values from stdin or files');
    }
    // After the key, the command line has no more flags.
    holds({ steps: ['ops kv put job -5'], expect: ['end: consul.state.keys.job.value == "-5"'] });
  });
});

describe('a request whose connection ends', () => {
  test('may have been executed: the lock fails, and its session ends with a lock-delay', () =>
    holds({
      steps: [
        'start A lock job lockDelay=20s', 'wait until "job" in consul.state.keys', 'reset A - consul',
        'wait until A answered', 'wait 1s', 'start B lock job', 'wait until B answered within 60s',
      ],
      expect: [
        'no event LockAcquired at A', 'event LockDelayed where event.key == "job"',
        'no event LockAcquired at B where time < 20.0',
      ],
    }));

  test('is sent again if it is a query on a connection that was used before', () =>
    holds({
      steps: [
        'A lock job', 'start B lock job', 'wait until LockRefused at B', 'wait 1s', 'reset B - consul',
        'wait 1s', 'A unlock job', 'wait until B answered within 1s',
      ],
    }));

  test('destroy removes the key of a lock that is free', () =>
    holds({
      steps: [
        'A lock job', 'B destroy job fails', 'A unlock job', 'B destroy job answers OK',
        'ops kv get job fails', 'B destroy job answers OK',
      ],
    }));
});
