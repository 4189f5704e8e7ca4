/** Code of a workspace that is not trusted is refused before any of it is read. */
import { readFile } from 'node:fs/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, test } from 'vitest';
import { launchArguments } from '../../src/dap/requests/arguments.ts';
import { loadScenario } from '../../src/dap/load.ts';
import { RequestRefusal } from '../../src/dap/refusal.ts';
import { refusalText } from '../../src/dap/words/refusals.ts';
import { startAdapter } from './client.ts';
import { Host } from './inline-host.ts';
import { workspace } from './workspace.ts';

const scenario = (protocol: string) => `protocol: ${protocol}\nnodes: { n1..n3: replica }\n`;

async function load(protocol: string, trusted: unknown): Promise<string | readonly string[]> {
  const read: string[] = [];
  const readFile = async (file: string) => {
    read.push(file);
    if (file === '/w/a.scenario.yaml') return scenario(protocol);
    throw new Error('this file must not be read');
  };
  const given = { program: '/w/a.scenario.yaml', ...(trusted === undefined ? {} : { trusted }) };
  try {
    await loadScenario(launchArguments(given), readFile, () => {});
    return read;
  } catch (error) {
    if (!(error instanceof RequestRefusal)) throw error;
    return [refusalText(error.refused), ...read.slice(1)];
  }
}

test('a built-in protocol runs in a workspace that is not trusted', async () => {
  expect(await load('raft', false)).toEqual(['/w/a.scenario.yaml']);
});

test.each(['./own.ts', '../own.ts', 'own.ts', '"./own.ts"'])('%s does not', async (protocol) => {
  const [message, ...read] = await load(protocol, false);
  expect(message).toContain('the workspace is not trusted');
  expect(message).toContain('own.ts');
  expect(read).toEqual([]);
});

test.each([true, undefined])('it is read if trusted is %s', async (trusted) => {
  const [message, ...read] = await load('./own.ts', trusted);
  expect(message).toContain('/w/own.ts');
  expect(read.at(-1)).toBe('/w/own.ts');
});

test('trusted is true or false', async () => {
  const refused = { code: 'setting', name: '"trusted"', expected: 'truth value', found: 'yes' };
  expect(() => launchArguments({ program: 'a', trusted: 'yes' })).toThrow(
    expect.objectContaining({ refused }),
  );
});

describe('at `initialize`, code of the workspace', () => {
  const scenarioText = (protocol: string) =>
    `protocol: ${protocol}\nnodes: { a: relay, b: relay }\nsteps:\n  - a begin b\nbreakOn: [Full]\n`;

  async function initialized(trusted: boolean | undefined) {
    const { folder, write } = workspace();
    write('relay.scenario.yaml', scenarioText('./relay.ts'));
    const scenarioFile = `${folder}/relay.scenario.yaml`;
    const read: string[] = [];
    const host = new Host({
      scenario: scenarioFile,
      ...(trusted === undefined ? {} : { trusted }),
      readFile: (file) => {
        read.push(file.replace(/^.*\//, ''));
        return readFile(file, 'utf8');
      },
    });
    const body = await host.ask('initialize', { adapterID: 'lockstep' });
    return { host, read, program: scenarioFile, filters: labelsOf(body) };
  }

  const labelsOf = (body: DebugProtocol.Capabilities) =>
    body.exceptionBreakpointFilters!.map(({ label }) => label);

  test('is loaded if the adapter was started with --trusted', async () => {
    const { filters, read } = await initialized(true);
    expect(filters).toContain('Full');
    expect(read).toContain('relay.ts');
  });

  test.each([false, undefined])('is not read if trusted is %s', async (trusted) => {
    const { host, filters, read, program } = await initialized(trusted);
    expect(filters).not.toContain('Full');
    expect(read).toEqual(['relay.scenario.yaml']);
    await expect(host.ask('launch', { program, trusted: false })).rejects.toThrow('not trusted');
    expect(read).not.toContain('relay.ts');
    await host.ask('launch', { program });
    const { body } = await host.event('capabilities');
    const { exceptionBreakpointFilters } = body.capabilities as DebugProtocol.Capabilities;
    const filter = exceptionBreakpointFilters!.find(({ label }) => label === 'Full');
    expect(filter).toMatchObject({ filter: 'event:Full', default: true });
  });

  test('is refused by a launch without trust, even with --trusted', async () => {
    const { host, program } = await initialized(true);
    await expect(host.ask('launch', { program, trusted: false })).rejects.toThrow('not trusted');
  });

  test('is loaded by a process that was started with --trusted, and by no other', async () => {
    const { program } = workspace();
    for (const option of [[], ['--trusted']]) {
      const adapter = startAdapter('--scenario', program, ...option);
      const body = await adapter.client.ask('initialize', { adapterID: 'lockstep' });
      expect(labelsOf(body).includes('Full')).toBe(option.length > 0);
      adapter.process.kill();
      await adapter.exited;
    }
  });
});
