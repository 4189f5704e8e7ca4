/** Copies of the built-in protocols: they load as files of a workspace, and run as the originals. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { type Ejected, eject } from '../../src/code/eject.ts';
import { loadProtocol } from '../../src/code/code.ts';
import { simulate } from '../../src/check/simulate.ts';
import { digest } from '../../src/kernel/compare/digest.ts';
import { traceLine } from '../../src/kernel/text/trace.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { placeInCode } from '../../src/session/breakpoints/placement.ts';
import { scriptOf } from '../../src/session/script.ts';
import { Session } from '../../src/session/session.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import { turn } from '../host/event-loop.ts';
import { breakpoint } from '../session/sessions.ts';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const scenarios = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.scenario.yaml'))
  .map((name) => readFileSync(join(samples, name), 'utf8'));

function ejected(protocol: string, example = `protocol: ${protocol}\n`): Ejected {
  const ejecting = eject(protocol)!;
  let next = ejecting.next();
  while (!next.done) next = ejecting.next(next.value.startsWith('template/') ? example : '');
  return next.value;
}

function codeOf({ files, entry }: Ejected) {
  return loadProtocol(new Map([...files].filter(([name]) => !/\.(d\.ts|json|yaml)$/.test(name))), entry);
}

/** The trace and the last state of a scenario. */
function runOf(text: string, protocol: Protocol): string[] {
  const { scenario, problems } = parseScenario(text, 's', [protocol], { protocol });
  expect(problems).toEqual([]);
  const lines: string[] = [];
  const { world } = simulate(scenario!, (world, action) => {
    if (action) lines.push(traceLine(action as never));
    if (world.step % 100 === 0) lines.push(digest(world));
  });
  return [...lines, digest(world)];
}

describe.each(library.map((protocol) => [protocol.name, protocol] as const))('%s', (name, original) => {
  const copy = ejected(name);
  const code = codeOf(copy);
  const own = scenarios.filter((text) => new RegExp(`^protocol: ${name}$`, 'm').test(text));

  it('imports only the author API and files of the copy', () => {
    for (const [file, text] of copy.files) {
      for (const [, from] of text.matchAll(/ from '([^']+)'/g)) {
        expect(from, file).toMatch(/^(lockstep|\.\.?\/[\w./-]+\.ts)$/);
        if (from !== 'lockstep') expect(copy.files.has(posix.join(dirname(file), from!)), file).toBe(true);
      }
    }
  });

  it('runs each of its samples as the original does', async () => {
    expect(own.length).toBeGreaterThan(0);
    for (const text of own) {
      await turn();
      expect(runOf(text, code.protocol)).toEqual(runOf(text, original));
    }
  });

  it('stops at a line of its source', () => {
    const { scenario } = parseScenario(own[0]!, 's', [code.protocol], { protocol: code.protocol });
    const session = new Session(scriptOf(scenario!, code), code);
    const stops = [...code.files].flatMap(([file, text]) =>
      text.split('\n').flatMap((_line, index) => {
        const placed = placeInCode(code, file, index + 1);
        return 'problem' in placed ? [] : [breakpoint(placed.trigger, { origin: 'line' as const })];
      }),
    );
    session.setBreakpoints(stops);
    expect(session.run(untilBreakpoint)?.reason.type).toBe('line');
  });
});

test('a copy has the shipped types, and a scenario that names it', () => {
  const { files, scenario, entry } = ejected('raft', '# About\nprotocol: raft # the paper\nseed: 1\n');
  expect(files.get(scenario)).toBe('# About\nprotocol: ./raft/raft.ts # the paper\nseed: 1\n');
  expect(entry).toBe('raft/raft.ts');
  expect([...files.keys()]).toEqual(expect.arrayContaining([
    'raft/raft.ts', 'raft/log.ts', 'shared/execute-once.ts', 'lockstep.d.ts', 'tsconfig.json',
  ]));
  expect(files.get('raft/raft.ts')).toMatch(/^import \{[^}]*\brole\b[^}]*\} from 'lockstep';$/m);
});

test('there is no copy of a protocol that is not built in', () => {
  for (const name of ['viewstamped', '', 'state', '__proto__']) expect(eject(name)).toBeUndefined();
});

