/** The root of a protocol on the command line: found from the scenario, or given with --root. */
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { protocolFile } from './shell.ts';

const protocol = protocolFile({
  top: "import { limit } from '../lib/limit.ts';",
  ping: 'if (node.state.count > limit) throw new Error("too many");',
});
const files: Readonly<Record<string, string>> = {
  '/w/own/pinging.ts': protocol,
  '/w/lib/limit.ts': 'export const limit = 0;\n',
  '/w/own/s.scenario.yaml':
    'protocol: ./pinging.ts\nnodes: { a: peer, b: peer }\nsteps:\n  - a ask\n  - wait 10ms\n',
  '/w/out.scenario.yaml': 'title: x\nprotocol: ../v/p.ts\nnodes: { a: peer }\nsteps: []\n',
};

/** Runs a command in a folder of a disk with the files above and one more. */
async function cli(folder: string, marker: string | undefined, ...args: string[]): Promise<string> {
  let text = '';
  const write = async (words: string) => void (text += words);
  const whole = (file: string) => new URL(file, `file://${folder}/`).pathname.replace(/(.)\/$/, '$1');
  const read = (file: string) => {
    const path = whole(file);
    const found = path === marker ? '{}' : files[path];
    if (found === undefined) throw Object.assign(new Error(file), { code: 'ENOENT' });
    return found;
  };
  const code = await lockstep(args, { read, whole, version: () => '', out: write, error: write });
  return `${text}exit ${code}\n`;
}

const isOutside =
  /pinging\.ts:2:23: '\.\.\/lib\/limit\.ts' is outside \/w\/own, the root of this protocol: .*\n[^]*exit 2/;

test.each(['/w/own', '/w', '/', '/elsewhere'])('does not depend on the working directory %s', async (at) => {
  const file = '/w/own/s.scenario.yaml';
  expect(await cli(at, '/w/package.json', 'check', file)).toMatch(/1 steps|2 steps/);
  expect(await cli(at, '/w/own/package.json', 'check', file)).toMatch(isOutside);
  expect(await cli(at, undefined, 'check', file)).toMatch(isOutside);
});

test.each(['check', 'run', 'test', 'record'])('%s takes --root, relative to the working directory', async (name) => {
  const told = await cli('/w/own', '/w/own/tsconfig.json', name, 's.scenario.yaml', '--root', '..');
  expect(told).not.toContain('outside');
  const refused = await cli('/w', '/w/tsconfig.json', name, 'own/s.scenario.yaml', '--root', 'own');
  expect(refused).toMatch(isOutside);
});

test('files are named from the working directory, wherever the root is', async () => {
  const run = (at: string, file: string) => cli(at, '/w/package.json', 'run', '-q', file);
  expect(await run('/w', 'own/s.scenario.yaml')).toContain(' own/pinging.ts:17:47:');
  expect(await run('/w/own', 's.scenario.yaml')).toContain(' pinging.ts:17:47:');
  expect(await run('/v', '/w/own/s.scenario.yaml')).toContain(' /w/own/pinging.ts:17:47:');
});

test('a protocol outside the root is reported at its line of the scenario', async () => {
  expect(await cli('/w', '/w/.git', 'check', 'out.scenario.yaml')).toBe(
    "out.scenario.yaml:2:11: '../v/p.ts' is outside /w, the root of this protocol: move the file into " +
      'it, or set another root (`--root`, or `root` in launch.json)\nexit 2\n',
  );
});
