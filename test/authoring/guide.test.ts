/** The guide to writing a protocol: each step holds its invariant, each broken twin violates it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

const guide = fileURLToPath(new URL('../../samples/write-your-own/', import.meta.url));
const files = readdirSync(guide).filter((name) => name.endsWith('.scenario.yaml'));
const read = (file: string) => readFileSync(path.join(guide, file), 'utf8');

async function run(file: string, seed: number) {
  let out = '';
  const write = async (text: string) => void (out += text);
  const code = await lockstep(['run', '--quiet', '--seed', String(seed), file], {
    read, version: () => '', out: write, error: write,
  });
  return { code, out };
}

test.each(files.filter((file) => file.includes('.broken.')))('%s says why', async (file) => {
  const { out } = await run(file, 1);
  expect(out).toMatch(/✗ all or none\n.* has committed, and P2 has aborted/);
});

describe('the guide', () => {
  it('has a protocol and a scenario for each step, in the order of the lesson', () => {
    for (let step = 1; step <= 6; step++) {
      expect(read(`step-${step}.ts`)).toMatch(new RegExp(`^// Step ${step}: `));
      expect(read(`step-${step}.scenario.yaml`)).toContain(`protocol: ./step-${step}.ts`);
      expect(read('README.md')).toMatch(new RegExp(`^## ${step}\\. .*step-${step}\\.ts`, 'm'));
    }
  });

  it('runs the protocol of the step before in each broken twin', () => {
    expect(read('step-4.broken.scenario.yaml')).toContain('protocol: ./step-3.ts');
    expect(read('step-5.broken.scenario.yaml')).toContain('protocol: ./step-4.ts');
  });

  it('names only files that exist, and has a launch configuration for each scenario', () => {
    const launch = read('.vscode/launch.json');
    for (const file of files) expect(launch).toContain(`\${workspaceFolder}/${file}`);
    const named = read('README.md').match(/step-\d[\w.-]*\.(ts|yaml)/g)!;
    for (const file of named) expect(readdirSync(guide)).toContain(file);
  });

  it('shows only lines of the protocols', () => {
    const block = /```ts\n([^]*?)```/.exec(read('README.md'))![1]!;
    for (const line of block.trim().split('\n')) expect(read('step-4.ts')).toContain(line);
  });
});

describe('two-phase commit with loss and crashes', () => {
  const scenario = `title: loss and crashes
protocol: ./step-6.ts
nodes: { C: coordinator, P1: participant, P2: participant, P3: participant }
network: { latency: 1ms..400ms, loss: 20%, duplicate: 20%, reorder: true }
steps:
  - start C commit
  - at 300ms: crash P1
  - at 700ms: crash C
  - at 900ms: restart P1
  - at 2s: restart C
  - wait 30s
expect:
  - end: nodes.filter(n, n.role == "participant").all(p, p.state.phase != "prepared")
`;

  it('keeps its invariant, and no participant stays blocked once the coordinator is back', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      let out = '';
      const write = async (text: string) => void (out += text);
      const code = await lockstep(['run', '--quiet', '--seed', String(seed), 'loss.scenario.yaml'], {
        read: (file) => (file === 'loss.scenario.yaml' ? scenario : read(file)),
        version: () => '', out: write, error: write,
      });
      expect(code, `seed ${seed}\n${out}`).toBe(0);
    }
  });
});
