/** Code of a workspace that is not trusted is refused before any of it is read. */
import { expect, test } from 'vitest';
import { launchArguments } from '../../src/dap/requests/arguments.ts';
import { loadScenario } from '../../src/dap/load.ts';
import { RequestRefusal } from '../../src/dap/refusal.ts';
import { refusalText } from '../../src/dap/words/refusals.ts';

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
  expect(read).toEqual(['/w/own.ts']);
});

test('trusted is true or false', async () => {
  const refused = { code: 'setting', name: '"trusted"', expected: 'truth value', found: 'yes' };
  expect(() => launchArguments({ program: 'a', trusted: 'yes' })).toThrow(
    expect.objectContaining({ refused }),
  );
});
