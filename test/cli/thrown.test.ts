/** A handler that throws fails the run, unless the scenario expects the error. */
import { describe, expect, test } from 'vitest';
import { pinging, pingShell } from './shell.ts';

const ping = 'if (node.state.count > 1) throw new Error("too many pings");';

async function run(expectations: string, ...flags: string[]) {
  return pingShell({ ping }, pinging + expectations).run('run', ...flags, 'ping.scenario.yaml');
}

describe('a handler that throws', () => {
  test('fails the run, with its node, handler, step and place', async () => {
    const { code, out } = await run('');
    expect(code).toBe(1);
    expect(out).toMatch(/b threw: too many pings \(pinging\.ts:\d+:\d+\)/);
    expect(out).toMatch(/✗ b, handling Ping\n {4}it threw at pinging\.ts:\d+:\d+: too many pings \(step \d+, /);
  });

  test('has its handler and place in the JSON', async () => {
    const { code, out } = await run('', '--json');
    expect(code).toBe(1);
    const line = out.split('\n').find((text) => text.includes('failure'));
    const place = { file: 'pinging.ts', line: expect.any(Number), column: expect.any(Number) };
    const where = { node: 'b', handler: { kind: 'message', name: 'Ping' } };
    expect(JSON.parse(line!).failure).toEqual({ ...where, message: 'too many pings', ...place });
    const verdict = out.split('\n').find((text) => text.includes('handler-threw'));
    expect(JSON.parse(verdict!)).toMatchObject({
      verdict: 'violated',
      kind: 'handler',
      ...where,
      step: expect.any(Number),
      ...place,
    });
  });
});

describe('an expected error', () => {
  test.each([
    'throws',
    'throws at b',
    'throws "too many"',
    'throws "too many" at b where state.count == 2',
  ])('%s', async (expectation) => {
    const { code, out } = await run(`expect:\n  - ${expectation}\n`, '--quiet');
    expect(out).toContain(`✓ ping.scenario.yaml:9: ${expectation}`);
    expect(code).toBe(0);
  });

  test.each(['throws at a', 'throws "too few"', 'throws where state.count == 9'])(
    '%s: another error still fails the run, and the expected one is missing',
    async (expectation) => {
      const { code, out } = await run(`expect:\n  - ${expectation}\n`, '--quiet');
      expect(out).toContain('✗ b, handling Ping');
      expect(out).toContain(`✗ ping.scenario.yaml:9: ${expectation}\n    no handler threw this`);
      expect(code).toBe(1);
    },
  );

  test.each(['throws at c', 'throws text', 'throws where state.'])('%s is refused', async (line) => {
    const { code } = await run(`expect:\n  - ${line}\n`);
    expect(code).toBe(2);
  });
});
