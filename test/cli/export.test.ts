// `lockstep export` writes a page with all that each step draws, and says what it leaves out.
import { inflateRawSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOfProtocol } from '../../src/code/built-in-sources.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import { scriptOf } from '../../src/session/script.ts';
import { Session } from '../../src/session/session.ts';
import { type RecordedRun, spanAround, stepsMax } from '../../src/view/export/recorded-run.ts';
import { ReplayedRun } from '../../src/view/export/replayed-run.ts';
import { viewsOf } from '../../src/view/panel-sources.ts';
import { expectGolden } from '../golden.ts';
import { pinging, pingShell, Shell } from './shell.ts';

const root = path.resolve(import.meta.dirname, '../..');
const template = '<title>{{title}}</title><p>{{about}}</p><i>{{code}}</i><b>{{run}}</b>';
const shipped: Record<string, string> = {
  'webview/run-page.html': template,
  'webview/run-page.json': '["parts/a.js","run-page.js"]',
  'webview/parts/a.js': 'export const a = 1;',
  'webview/run-page.js': 'import { a } from "./parts/a.js";',
};
const parts = { shipped: (file: string) => shipped[file]! };

function sampleShell(...names: string[]): Shell {
  const text = (name: string) => readFileSync(path.join(root, 'samples', name), 'utf8');
  return new Shell(Object.fromEntries(names.map((name) => [name.split('/')[1]!, text(name)])), parts);
}

function pingWithParts(...given: Parameters<typeof pingShell>): Shell {
  return new Shell(pingShell(...given).files, parts);
}

function unpacked(text: string): unknown {
  return JSON.parse(inflateRawSync(Buffer.from(text, 'base64')).toString('utf8'));
}

function part(page: string, tag: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(page)![1]!;
}

/** What a page shows of a run after each of its steps. */
function framesOf(run: RecordedRun) {
  const { first, last, panels } = run.about;
  const replayed = new ReplayedRun(run);
  expect(replayed.advance(last + 1)).toBe(true);
  expect(replayed.isSame).toBe(true);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const moment = replayed.goTo(first + index);
    return { moment, line: replayed.line, views: replayed.views(panels) };
  });
}

async function recorded(shell: Shell, ...args: string[]): Promise<RecordedRun> {
  const { code, out, error } = await shell.run('export', '--view', ...args);
  expect(code, error).toBe(0);
  return JSON.parse(out) as RecordedRun;
}

/**
 * As data, without what depends on the way: a recording marks the row of an event at which a run
 * stops, the bar of a lease is as long as the longest time that was seen, the keys of lanes are
 * those of their source, and a file has no run of another scenario.
 */
function withoutStops(views: object): unknown {
  return JSON.parse(JSON.stringify(views), function (this: { type?: string }, name, value: unknown) {
    const isOfWay = ['stop', 'key', 'twin'].includes(name);
    return isOfWay || (name === 'span' && this.type === 'lease') ? undefined : value;
  });
}

describe('a recorded run', () => {
  test.each([
    'raft/first-election.scenario.yaml',
    'distributed-locks/fenced-lock.scenario.yaml',
    'race-conditions/deadlock.broken.scenario.yaml',
  ])('of %s has at each step what a session shows there', async (sample) => {
    const name = sample.split('/')[1]!;
    const shell = sampleShell(sample);
    const run = await recorded(shell, name);
    const { scenario } = parseScenario(shell.files[name]!, name, library, {});
    const code = codeOfProtocol(scenario!.protocol);
    const session = new Session(scriptOf(scenario!, code), code);
    session.run(untilBreakpoint);
    expect(run.about.steps).toBe(session.length);
    const frames = framesOf(run);
    const some = Math.ceil(frames.length / 20);
    for (const [step, { moment, views }] of frames.entries()) {
      if (step % some > 0) continue;
      session.goto(step);
      const expected = viewsOf(session, run.about.panels);
      // Only a session at its end has judged the history.
      if (expected.history && step < session.length) {
        expected.history = { ...expected.history, verdicts: [] };
      } else if (expected.history) expected.history = views.history!;
      expect(moment.step).toBe(step);
      expect(withoutStops(views), `step ${step}`).toEqual(withoutStops(expected));
    }
  });

  test('names the events of `breakOn` with their conditions, violations, and the end', async () => {
    const few = `'Few Pings': {
      doc: 'No node gets a second ping.',
      check: ({ nodes }: any) => (nodes.some((n: any) => n.state.count > 1) ? 'a second ping' : undefined),
    },`;
    const scenario = pinging
      .replace('steps:', 'breakOn: [Pinged where event.count == 1]\nsteps:')
      .replace('  - wait', '  - a ask\n  - wait');
    const run = await recorded(pingWithParts({ invariants: few }, scenario), 'ping.scenario.yaml');
    const stops = framesOf(run).map(({ moment }) => moment.stop);
    expect(stops.filter(({ type }) => type !== 'step')).toEqual([
      { type: 'start' },
      expect.objectContaining({ type: 'event', name: 'Pinged', details: 'count 1' }),
      expect.objectContaining({ type: 'violated', name: 'Few Pings', why: 'a second ping' }),
      { type: 'end', ending: run.about.ending },
    ]);
    expect(run.about.ending!.counts.violated).toBe(1);
  });

  test('follows the seed, and has the line of the scenario at each step', async () => {
    const shell = pingWithParts();
    const [one, other] = [await recorded(shell, 'ping.scenario.yaml'), await recorded(shell, 'ping.scenario.yaml', '--seed', '7')];
    expect([one.about.seed, other.about.seed]).toEqual([0, 7]);
    const lines = framesOf(one).map(({ line }) => line);
    expect(lines[0]).toBe(5);
    expect(lines.at(-1)).toBe(7);
    expect([one.scenario, ...one.sources].map(({ name }) => name)).toEqual(['ping.scenario.yaml', 'pinging.ts']);
  });

  test('has only the steps that are named, and says so', async () => {
    const shell = pingWithParts();
    const run = await recorded(shell, 'ping.scenario.yaml', '--steps', '1..2');
    expect(framesOf(run).map(({ moment }) => moment.step)).toEqual([1, 2]);
    const { out } = await shell.run('export', 'ping.scenario.yaml', '--steps', '1..2');
    expect(out).toMatch(/^ping\.html: steps 1 to 2 of \d+: the others are left out\n$/);
  });

  test('is cut if it is long, but not before the step of the debugger', () => {
    expect(spanAround(0, 50_000)).toEqual({ first: 0, last: 50_000 });
    expect(spanAround(0, stepsMax + 5)).toEqual({ first: 0, last: stepsMax });
    expect(spanAround(stepsMax + 3, stepsMax + 5)).toEqual({ first: 0, last: stepsMax + 3 });
  });

  test('names the panels that have something to show', async () => {
    const panelsOf = async (sample: string) =>
      (await recorded(sampleShell(sample), sample.split('/')[1]!)).about.panels;
    expect(await panelsOf('raft/replicate-one-write.scenario.yaml')).toEqual([
      'cluster', 'sequence', 'spacetime', 'history', 'locks', 'logs', 'roles',
    ]);
    expect(await panelsOf('two-generals/two-acknowledgements.scenario.yaml')).not.toContain('logs');
  });
});

describe('the page', () => {
  test('has the title as text, and the rest as data', async () => {
    const hostile = '</script><script>alert(1)</script> {{run}} $& `';
    const scenario = `title: ${JSON.stringify(hostile)}
protocol: ./pinging.ts
nodes: { a: peer, b: peer }
steps: [a ask]
`;
    const shell = pingWithParts({ top: '// </script><img src=x onerror=alert(1)>' }, scenario);
    const { code, out, error } = await shell.run('export', 'ping.scenario.yaml', '--html', 'OUT.html');
    expect({ code, out, error }).toMatchObject({ code: 0, error: '' });
    const page = shell.files['OUT.html']!;
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<img');
    expect(part(page, 'title')).toBe('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; {{run}} $&amp; `');
    const { about, sources } = unpacked(part(page, 'b')) as RecordedRun;
    expect(about.title).toBe(hostile);
    expect(sources[0]!.text).toContain('// </script><img src=x onerror=alert(1)>');
    expect(unpacked(part(page, 'i'))).toEqual([
      { name: 'a.js', text: 'export const a = 1;' },
      { name: 'run-page.js', text: 'import { a } from "./parts/a.js";' },
    ]);
  });

  test('is the same for the same run', async () => {
    const shell = pingWithParts();
    for (const name of ['a.html', 'b.html']) await shell.run('export', 'ping.scenario.yaml', '--html', name);
    expect(shell.files['a.html']).toBe(shell.files['b.html']);
  });
});

test('wrong arguments are refused, each with the reason', async () => {
  const lines: string[] = [];
  for (const args of [
    [],
    ['ping.scenario.yaml', 'other.scenario.yaml'],
    ['none.scenario.yaml'],
    ['ping.scenario.yaml', '--seed', 'x'],
    ['ping.scenario.yaml', '--html', 'out.pdf'],
    ['ping.scenario.yaml', '--html', 'out.html', '--view'],
    ['ping.scenario.yaml', '--steps', '5'],
    ['ping.scenario.yaml', '--steps', '5..2'],
    ['ping.scenario.yaml', '--steps', '0..500000'],
    ['ping.scenario.yaml', '--steps', '0..900'],
    ['ping.scenario.yaml', '--until', 'Nothing'],
  ]) {
    const shell = pingWithParts();
    const { code, out, error } = await shell.run('export', ...args);
    expect({ code, out }, args.join(' ')).toEqual({ code: 2, out: '' });
    lines.push(`$ lockstep ${['export', ...args].join(' ')}\n${error}`);
  }
  expectGolden(import.meta.url, 'export-refused', lines.join('\n'));
});
