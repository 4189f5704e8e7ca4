// `lockstep explore --mode random|pct|delay` walks, shrinks what it finds, and saves it to be run.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { workOf } from '../../src/cli/seeds/job.ts';
import type { WalkChunk, WalkJob } from '../../src/cli/seeds/seeds-thread.ts';
import { type Printed, Shell } from './shell.ts';

const samples = fileURLToPath(new URL('../../samples/find-the-bug/', import.meta.url));

/** A shell with samples of find-the-bug in a folder `bugs`. */
function bugShell(...names: string[]): Shell {
  const files = names.flatMap((name) =>
    [`${name}.scenario.yaml`, `${name}.ts`].map((file) => {
      return [`bugs/${file}`, readFileSync(`${samples}${file}`, 'utf8')] as const;
    }),
  );
  return new Shell({ ...Object.fromEntries(files), 'bugs/tsconfig.json': '{}' });
}

const walk = (shell: Shell, name: string, ...options: string[]): Promise<Printed> => {
  return shell.run('explore', `bugs/${name}.scenario.yaml`, '--max-depth', '150', ...options);
};

interface WalkJson {
  readonly seed: number;
  readonly before: number;
  readonly trace: { readonly actions: readonly object[] };
  readonly steps: readonly string[];
  readonly saved?: string;
  readonly command?: string;
  readonly notSaved?: string;
}

const quorum = ['--untimed', '--mode', 'random', '--seeds', '1..100'];

test('--nearest names a run that keeps the promise, and its first difference', async () => {
  const shell = bugShell('quorum');
  const text = await walk(shell, 'quorum', ...quorum, '--nearest');
  expect(text.out).toMatch(/\n {4}the nearest run that keeps the promise: .+ \(step \d+\)\n/);
  const json = await walk(shell, 'quorum', ...quorum, '--nearest', '--json');
  const { nearest, tried } = JSON.parse(json.out) as {
    nearest: { type: string; text: string; step: number }; tried: number;
  };
  expect(text.out).toContain(nearest.text);
  expect(tried).toBeGreaterThan(0);
  const without = await walk(shell, 'quorum', ...quorum, '--json');
  expect(JSON.parse(without.out)).not.toHaveProperty('nearest');
});

describe('each planted fault is found, and its saved scenario breaks the same promise', () => {
  test.each([
    ['quorum', 'One Leader', 'random', ['--untimed']],
    ['quorum', 'One Leader', 'delay', ['--untimed']],
    ['vote', 'One Leader', 'pct', ['--untimed', '--faults', 'crashes=1']],
    ['lease', 'Mutual Exclusion', 'pct', []],
    ['commitment', 'Committed Entries Stay', 'random', ['--untimed']],
    ['transaction', 'Atomicity', 'random', ['--faults', 'crashes=1']],
    ['release', 'Mutual Exclusion', 'delay', []],
  ])('%s: %s, by %s', async (name, promise, mode, options) => {
    const shell = bugShell(name);
    const found = await walk(
      shell, name, ...options, '--mode', mode, '--seeds', '1..1500', '--save', 'found',
    );
    expect(found).toMatchObject({ code: 1, error: '' });
    const slug = promise.toLowerCase().replaceAll(' ', '-');
    const saved = `found/${name}-${slug}.scenario.yaml`;
    expect(found.out).toContain(`✗ violated: ${promise}: `);
    expect(found.out).toContain(`VIOLATED ${promise}: `);
    expect(found.out).toContain(`saved ${saved}\nRun it with \`lockstep run ${saved}\`.\n`);
    const again = await shell.run('run', '--quiet', saved);
    expect(again.code).toBe(1);
    expect(again.out).toContain(`✗ ${promise}`);
    expect(shell.files[saved]).toContain(`protocol: ../bugs/${name}.ts`);
  });
});

test('a search saves what it finds, too', async () => {
  const shell = bugShell('quorum');
  const found = await shell.run(
    'explore', 'bugs/quorum.scenario.yaml', '--untimed', '--save', 'bugs',
  );
  expect(found).toMatchObject({ code: 1, error: '' });
  const saved = 'bugs/quorum-one-leader.scenario.yaml';
  expect(shell.files[saved]).toContain('protocol: ./quorum.ts');
  const again = await shell.run('run', '--quiet', saved);
  expect(again.code).toBe(1);
  expect(again.out).toContain('✗ One Leader');
});

test('the JSON of a violation', async () => {
  const shell = bugShell('quorum');
  const found = await walk(shell, 'quorum', ...quorum, '--json', '--save', '.');
  expect(found).toMatchObject({ code: 1, error: '' });
  const json = JSON.parse(found.out) as WalkJson;
  expect(Object.keys(json).sort()).toEqual([
    'before', 'command', 'cut', 'depth', 'faults', 'file', 'limits', 'mode', 'nodes', 'reason',
    'runs', 'saved', 'seed', 'seeds', 'steps', 'subject', 'time', 'trace', 'transitions', 'type',
  ]);
  expect(json).toMatchObject({
    file: 'bugs/quorum.scenario.yaml',
    mode: 'random',
    type: 'violated',
    subject: { kind: 'invariant', name: 'One Leader' },
    time: 'untimed',
    faults: { crashes: 0 },
    limits: { depth: 150 },
    saved: 'quorum-one-leader.scenario.yaml',
    command: 'lockstep run quorum-one-leader.scenario.yaml',
  });
  expect(json.steps).toHaveLength(json.trace.actions.length);
  expect(json.steps.at(-1)).toContain('VIOLATED One Leader');
  expect(json.trace.actions.length).toBeLessThan(json.before);
});

test('the run of a seed does not depend on the seeds before it', async () => {
  // Faults and changes of priority are placed in the expected length of the run.
  const options = ['--mode', 'pct', '--faults', 'crashes=1', '--json'];
  const shell = bugShell('transaction');
  const first = await walk(shell, 'transaction', ...options, '--seeds', '1..1000');
  const { seed, before, steps } = JSON.parse(first.out) as WalkJson;
  expect(seed).toBeGreaterThan(1);
  const second = await walk(shell, 'transaction', ...options, '--seeds', String(seed));
  expect(JSON.parse(second.out)).toMatchObject({ seed, before, steps, runs: 1 });
});

test('3: a walk never proves that all holds', async () => {
  const shell = bugShell('quorum');
  const options = ['--untimed', '--mode', 'random', '--seeds', '1..2'];
  const found = await walk(shell, 'quorum', ...options);
  expect(found).toMatchObject({ code: 3, error: '' });
  expect(found.out).toContain('? unknown: stopped at --seeds after 2 runs without a violation\n');
  expect(found.out).toContain('(seeds 1..2)');
  const json = await walk(shell, 'quorum', ...options, '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    type: 'unknown', why: { code: 'stopped', at: 'seeds' }, seeds: [1, 2], runs: 2,
  });
});

test('3: no time is left', async () => {
  const found = await walk(bugShell('quorum'), 'quorum', '--mode', 'pct', '--for', '1us');
  expect(found.code).toBe(3);
  expect(found.out).toContain('unknown: stopped at --for after 0 runs');
});

test.each(['random', 'pct', 'delay', 'bfs', 'dfs'])(
  '3: untimed, %s refuses a protocol that reads a clock, and names the same handler',
  async (mode) => {
    const found = await walk(bugShell('lease'), 'lease', '--untimed', '--mode', mode);
    expect(found.code).toBe(3);
    expect(found.out).toContain(
      'unknown: the handler of Acquire at server reads a clock, so run without --untimed',
    );
  },
);

/** As other threads would work, each of which loads the files itself; counts what they walk. */
function threadedShell(name: string) {
  const { files } = bugShell(name);
  const jobs: WalkJob[] = [];
  const walked: number[] = [];
  const reading = {
    read: (file: string) => {
      if (files[file] === undefined) throw new Error(file);
      return files[file];
    },
    version: () => '', out: async () => {}, error: async () => {},
  };
  const shell = new Shell(files, {
    threads: {
      count: 3,
      start: () => {
        throw new Error('only walks are expected');
      },
      search: () => {
        throw new Error('only walks are expected');
      },
      walk: (job) => {
        jobs.push(job);
        const work = workOf(structuredClone(job), reading);
        return {
          run: async (range) => {
            walked.push(range.first);
            return structuredClone(work(range) as WalkChunk);
          },
          end() {},
        };
      },
    },
  });
  return { shell, jobs, walked };
}

describe('threads', () => {
  const options = ['--mode', 'random', '--faults', 'crashes=1', '--json', '--seeds', '1..1000'];

  test('find what one thread finds', async () => {
    const { shell, jobs, walked } = threadedShell('transaction');
    const three = await walk(shell, 'transaction', ...options);
    // This thread is the third one. Each of the others has its next range before it is done.
    expect(jobs).toHaveLength(2);
    expect(walked.slice(0, 4)).toEqual([101, 151, 201, 251]);
    const one = await walk(bugShell('transaction'), 'transaction', ...options);
    expect(three).toEqual(one);
    const { seed } = JSON.parse(one.out) as WalkJson;
    expect(seed).toBeGreaterThan(101);
  });

  test('are not started for what is found at once, nor by --workers 1', async () => {
    const quick = threadedShell('quorum');
    expect((await walk(quick.shell, 'quorum', ...quorum)).code).toBe(1);
    const alone = threadedShell('transaction');
    await walk(alone.shell, 'transaction', ...options, '--workers', '1');
    expect([...quick.jobs, ...alone.jobs]).toEqual([]);
  });
});

describe('JUnit', () => {
  const save = async (...more: string[]) => {
    const shell = bugShell('quorum');
    await walk(shell, 'quorum', '--untimed', '--mode', 'random', '--junit', 'out/e.xml', ...more);
    return shell.files['out/e.xml'];
  };

  test('a violation is a failure, with the run', async () => {
    const xml = await save('--seeds', '1..100');
    expect(xml).toContain('<testsuite name="bugs/quorum.scenario.yaml" tests="1" failures="1"');
    expect(xml).toContain('<failure message="✗ violated: One Leader: c1 and c2 were both elected (seed ');
    expect(xml).toContain('deliver c1-&gt;v2#1 RequestVote\n');
  });

  test('what is unknown is skipped', async () => {
    const xml = await save('--seeds', '1..2');
    expect(xml).toContain('failures="0"');
    expect(xml).toContain('<skipped message="? unknown: stopped at --seeds after 2 runs');
  });
});

describe('a file is never overwritten', () => {
  const name = 'found/quorum-one-leader';
  const save = (shell: Shell) => walk(shell, 'quorum', ...quorum, '--save', 'found/');

  test('one with the same content is named again, another one stays', async () => {
    const shell = bugShell('quorum');
    await save(shell);
    const text = shell.files[`${name}.scenario.yaml`];
    const again = await save(shell);
    expect(again.out).toContain(`saved ${name}.scenario.yaml\n`);
    shell.files[`${name}.scenario.yaml`] = 'mine';
    const third = await save(shell);
    expect(third.out).toContain(`saved ${name}-2.scenario.yaml\n`);
    expect(shell.files[`${name}.scenario.yaml`]).toBe('mine');
    expect(shell.files[`${name}-2.scenario.yaml`]).toBe(text);
  });

  test('one that cannot be read stays', async () => {
    const shell = bugShell('quorum');
    const { files } = shell;
    Object.defineProperty(files, `${name}.scenario.yaml`, {
      get: () => {
        throw Object.assign(new Error('no'), { code: 'EACCES' });
      },
    });
    expect((await save(shell)).out).toContain(`saved ${name}-2.scenario.yaml\n`);
  });
});

describe('what cannot be saved says why', () => {
  test('a folder from which the protocol is not found', async () => {
    const shell = bugShell('quorum');
    delete shell.files['bugs/tsconfig.json'];
    shell.files['found/tsconfig.json'] = '{}';
    const found = await walk(shell, 'quorum', ...quorum, '--json', '--save', 'found');
    expect(found.code).toBe(1);
    const { notSaved } = JSON.parse(found.out) as WalkJson;
    expect(notSaved).toContain('the scenario cannot run in this folder: found/quorum-one-leader');
    expect(found.error).toContain(notSaved!);
    expect(Object.keys(shell.files)).not.toContain('found/quorum-one-leader.scenario.yaml');
  });

  test('a disk that is full', async () => {
    const shell = new Shell(bugShell('quorum').files, {
      writeNew: () => {
        throw new Error('ENOSPC');
      },
    });
    const found = await walk(shell, 'quorum', ...quorum, '--save', 'found');
    expect(found.code).toBe(1);
    const file = 'found/quorum-one-leader.scenario.yaml';
    expect(found.error).toBe(`lockstep: not saved: ${file} cannot be written: ENOSPC\n`);
  });
});

describe('2: bad input', () => {
  test.each([
    [['--mode', 'randon'], 'there is no mode `randon` (did you mean `random`?)'],
    [['--mode', 'pct', '--seeds', '9..1'], '--seeds must be two numbers such as 1..1000'],
    [['--mode', 'pct', '--for', 'soon'], '--for must be a time above zero, such as 30s, not `soon`'],
    [['--mode', 'pct', '--faults', 'crashs=1'], 'there is no fault `crashs`'],
    [['--mode', 'pct', '--max-states', '5'], '--max-states does not apply to --mode pct'],
    [['--mode', 'delay', '--inside', 'c1.up'], 'choose from auto, bfs, dfs'],
    [['--mode', 'bfs', '--seeds', '1..5'], '--seeds does not apply to --mode bfs: choose from auto, random, pct, delay'],
    [['--mode', 'pct', '--workers', '0'], '--workers must be a positive integer, not `0`'],
    [['--mode', 'dfs', '--workers', '2'], '--workers does not apply to --mode dfs'],
    [['--save', ''], '--save needs the name of a folder'],
  ])('%s', async (options, message) => {
    const found = await walk(bugShell('quorum'), 'quorum', ...options);
    expect(found).toMatchObject({ code: 2, out: '' });
    expect(found.error).toContain(message);
  });
});
