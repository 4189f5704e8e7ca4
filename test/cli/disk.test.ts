// What commands write to a real disk: through links, into folders that do not exist, and no further.
import {
  existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync,
  symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plainPath } from '../../src/code/load/source-paths.ts';
import { lockstep } from '../../src/cli/lockstep.ts';
import {
  createFile, inodeOf, readWhole, realPath, whyUnwritable, writeNew, writeWhole,
} from '../../src/cli/process/disk.ts';

const samples = fileURLToPath(new URL('../../samples/find-the-bug/', import.meta.url));
let top = '';

/** A project `real/project` with the scenario in `sub`, and a link to the project beside it. */
beforeEach(() => {
  top = realpathSync(mkdtempSync(path.join(tmpdir(), 'lockstep-')));
  mkdirSync(path.join(top, 'real/project/sub'), { recursive: true });
  mkdirSync(path.join(top, 'outside'));
  for (const file of ['quorum.scenario.yaml', 'quorum.ts']) {
    writeFileSync(path.join(top, 'real/project/sub', file), readFileSync(samples + file));
  }
  writeFileSync(path.join(top, 'real/project/tsconfig.json'), '{}');
  symlinkSync(path.join(top, 'real/project'), path.join(top, 'linked'));
});

afterEach(() => rmSync(top, { recursive: true }));

async function run(...args: string[]) {
  const printed = { out: '', error: '' };
  const code = await lockstep(args, {
    read: readWhole,
    whole: (file) => plainPath(path.resolve(file)),
    real: realPath, inode: inodeOf, create: createFile, write: writeWhole, writeNew, whyUnwritable,
    version: () => '1.2.3', shipped: () => '',
    out: async (text) => void (printed.out += text),
    error: async (text) => void (printed.error += text),
  });
  return { code, ...printed };
}

const scenario = () => path.join(top, 'real/project/sub/quorum.scenario.yaml');

function explore(...options: string[]) {
  return run('explore', '--untimed', '--mode', 'random', '--seeds', '1..100', ...options);
}

async function expectSaved(folder: string, file: string, ...options: string[]) {
  const { code, error, out } = await explore('--save', folder, ...options, file);
  expect({ code, error }).toEqual({ code: 1, error: '' });
  const [, saved] = /^saved (.+)$/m.exec(out)!;
  const again = await run('run', '--quiet', saved);
  expect(again.out).toContain('✗ One Leader');
  return path.resolve(saved);
}

test('a link to a folder of another depth: the file is there, and runs from there', async () => {
  mkdirSync(path.join(top, 'real/project/a/b'), { recursive: true });
  symlinkSync('a/b', path.join(top, 'real/project/found'));
  const saved = await expectSaved(path.join(top, 'real/project/found'), scenario());
  expect(path.dirname(saved)).toBe(path.join(top, 'real/project/a/b'));
});

test('a folder below a link to the project', async () => {
  const saved = await expectSaved(path.join(top, 'linked/found'), scenario());
  expect(path.dirname(saved)).toBe(path.join(top, 'real/project/found'));
});

test('a scenario below a link, with a root below it', async () => {
  const below = path.join(top, 'linked/sub/quorum.scenario.yaml');
  const root = ['--root', path.join(top, 'linked')];
  const saved = await expectSaved(path.join(top, 'real/project/found'), below, ...root);
  expect(path.dirname(saved)).toBe(path.join(top, 'real/project/found'));
});

test('a link of the file’s name that leads out of the folder is left alone', async () => {
  const folder = path.join(top, 'real/project/found');
  mkdirSync(folder);
  const away = path.join(top, 'outside/new.yaml');
  symlinkSync(away, path.join(folder, 'quorum-one-leader.scenario.yaml'));
  const saved = await expectSaved(folder, scenario());
  expect(saved).toBe(path.join(folder, 'quorum-one-leader-2.scenario.yaml'));
  expect(existsSync(away)).toBe(false);
  expect(readdirSync(path.join(top, 'outside'))).toEqual([]);
});

test('missing folders are made by each option that writes a file', async () => {
  const at = (name: string) => path.join(top, 'real/project/new', name);
  const written = await explore('--junit', at('j/1.xml'), '--save', at('s'), scenario());
  expect(written).toMatchObject({ code: 1, error: '' });
  const lcov = ['--coverage', '--lcov', at('l/1.info')];
  expect(await explore(...lcov, scenario())).toMatchObject({ code: 1, error: '' });
  const one = path.join(top, 'real/project/sub/quorum.scenario.yaml');
  expect((await run('record', one, '-o', at('t/1.trace'))).code).toBe(0);
  expect((await run('run', one, '--history', at('h/1.json'))).error).toBe('');
  const all = ['j/1.xml', 's/quorum-one-leader.scenario.yaml', 'l/1.info', 't/1.trace', 'h/1.json'];
  expect(all.filter((name) => !existsSync(at(name)))).toEqual([]);
});

describe('a place where no folder can be made is an error that says what to do', () => {
  const at = (name: string) => path.join(top, name);

  test.each<[string, () => string, string]>([
    ['below a file', () => at('outside/file/x'), 'outside/file is not a folder: choose another one'],
    [
      'a link that leads nowhere', () => at('nowhere'),
      'nowhere is a link to a folder that does not exist: make that folder, or choose another one',
    ],
  ])('%s', async (_what, place, why) => {
    writeFileSync(at('outside/file'), '');
    symlinkSync(at('missing/folder'), at('nowhere'));
    await expectRefused(place(), why);
    expect(existsSync(at('missing'))).toBe(false);
  });

  // Node's own recursive `mkdir` never ends there.
  test.runIf(existsSync('/proc/self'))('below /proc', async () => {
    await expectRefused('/proc/x/y', 'the folder /proc/x cannot be made: choose another one', false);
  });

  async function expectRefused(place: string, why: string, isKnownBefore = true) {
    const saved = await explore('--save', place, scenario());
    expect([saved.code, saved.error]).toEqual(isKnownBefore
      ? [2, `lockstep: --save: ${place} cannot be written: ${why.replace(/^(?=outside|nowhere)/, `${top}/`)}\n`]
      : [1, expect.stringMatching(/^lockstep: not saved: .* cannot be written: /)]);
    expect(saved.error).toContain(why);
    for (const args of [
      ['record', scenario(), '-o', `${place}/t`], ['run', scenario(), '--history', `${place}/h.json`],
      ['eject', 'raft', place], ['explore', '--mode', 'bfs', '--junit', `${place}/j`, scenario()],
    ]) {
      const { code, error } = await run(...args);
      expect([code, error]).toEqual([2, expect.stringContaining(why)]);
    }
  }
});

describe('each option that writes names itself, its path, and what is expected there', () => {
  const at = (name: string) => path.join(top, name);
  const file = (option: string) => [option, at('taken')] as const;

  test('a folder in place of a file', async () => {
    mkdirSync(at('taken'));
    for (const args of [
      ['explore', ...file('--junit'), scenario()],
      ['explore', '--coverage', ...file('--lcov'), scenario()],
      ['test', '--coverage', ...file('--lcov'), scenario()],
      ['run', '--seeds', '1..2', ...file('--junit'), scenario()],
      ['record', ...file('-o'), scenario()],
    ]) {
      const option = args.find((one) => one.startsWith('-') && args[args.indexOf(one) + 1] === at('taken'))!;
      const name = option === '-o' ? '--output' : option;
      const why = 'it is a folder, and a file is expected: choose another name';
      const { code, error } = await run(...args);
      expect([code, error]).toEqual([2, `lockstep: ${name}: ${at('taken')} cannot be written: ${why}\n`]);
    }
    const slash = await run('explore', '--junit', `${at('new')}/`, scenario());
    expect(slash.error).toContain('a file is expected');
    expect(existsSync(at('new'))).toBe(false);
  });

  test.each(['taken', '/dev/null'])('--save %s, which is not a folder', async (name) => {
    writeFileSync(at('taken'), 'kept');
    const place = name === 'taken' ? at(name) : name;
    const { code, out, error } = await explore('--save', place, scenario());
    const why = 'it is not a folder, and a folder is expected: choose another one';
    expect([code, out, error]).toEqual([2, '', `lockstep: --save: ${place} cannot be written: ${why}\n`]);
    expect(readFileSync(at('taken'), 'utf8')).toBe('kept');
  });

  test.each(['--junit', '--lcov'])('%s never overwrites the scenario', async (option) => {
    const before = readFileSync(scenario(), 'utf8');
    const { code, error } = await run('explore', '--coverage', option, path.join(top, 'linked/sub/quorum.scenario.yaml'), scenario());
    expect([code, error]).toEqual([2, `lockstep: ${option} names the file that is read: choose another name\n`]);
    expect(readFileSync(scenario(), 'utf8')).toBe(before);
  });

  test.each([
    ['explore', '--junit'], ['explore', '--coverage', '--lcov'], ['test', '--coverage', '--lcov'],
    ['run', '--seeds', '1..2', '--junit'], ['record', '--output'],
  ])('%s %s %s never overwrites the protocol, or what it imports', async (...args) => {
    const protocol = at('real/project/sub/quorum.ts');
    const text = `import './other.ts';\n${readFileSync(protocol, 'utf8')}`;
    writeFileSync(protocol, text);
    writeFileSync(at('real/project/sub/other.ts'), 'export {};');
    for (const file of ['quorum.ts', 'other.ts']) {
      const { code, error } = await run(...args, at(`linked/sub/${file}`), scenario());
      const why = `lockstep: ${args.at(-1)} names the file that is read: choose another name\n`;
      expect([code, error]).toEqual([2, expect.stringContaining(why)]);
    }
    expect(readFileSync(protocol, 'utf8')).toBe(text);
    expect(readFileSync(at('real/project/sub/other.ts'), 'utf8')).toBe('export {};');
  });

  test.each([
    ['explore', '--junit'], ['run', '--seeds', '1..2', '--junit'], ['record', '--output'],
  ])('%s %s %s: another name of the protocol is refused, once', async (...args) => {
    const protocol = at('real/project/sub/quorum.ts');
    const text = readFileSync(protocol, 'utf8');
    linkSync(protocol, at('another.ts'));
    for (const file of [protocol, at('another.ts')]) {
      const { code, error } = await run(...args, file, scenario());
      const why = `lockstep: ${args.at(-1)} names the file that is read: choose another name\n`;
      expect([code, error]).toEqual([2, why]);
    }
    expect(readFileSync(protocol, 'utf8')).toBe(text);
  });

  test('a file and a folder never have one name', async () => {
    const { code, out, error } = await explore('--junit', at('one'), '--save', at('one'), scenario());
    expect([code, out, error]).toEqual([2, '', expect.stringContaining('--junit names the same')]);
  });

  test('two options never write one file', async () => {
    const { code, error } = await run(
      'explore', '--coverage', '--junit', at('new/../one'), '--lcov', at('one'), scenario(),
    );
    const why = 'lockstep: --lcov names the same file as --junit: choose another name\n';
    expect([code, error]).toEqual([2, why]);
    expect(existsSync(at('one'))).toBe(false);
  });

  // The user root may write anywhere.
  test.runIf(process.getuid?.() !== 0)('no permission', async () => {
    mkdirSync(at('closed'), { mode: 0o555 });
    const { code, error } = await explore('--save', at('closed/new'), scenario());
    expect([code, error]).toEqual([2, expect.stringContaining('may not be written to')]);
  });

  test.runIf(existsSync('/dev/zero'))('a device without an end is not read', async () => {
    const { code, error } = await run('explore', '/dev/zero');
    expect([code, error]).toEqual([2, expect.stringContaining('this is a device, and a file is expected')]);
    expect((await run('explore', '/dev/null')).error).not.toContain('device');
  });
});
