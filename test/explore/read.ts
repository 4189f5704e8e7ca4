/** Scenarios for the tests of the explorer: of files, and of the texts of tests. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadScenario } from '../../src/cli/load.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { library } from '../../src/protocols/library.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

export interface Read {
  readonly scenario: Scenario;
  readonly text: string;
}

/** A text whose protocol is a built-in one, or the given one. */
export function readScenario(text: string, protocol?: Protocol): Read {
  const known = protocol === undefined ? library : [protocol];
  const { scenario, problems } = parseScenario(text, 'test.scenario.yaml', known);
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  return { scenario, text };
}

const root = fileURLToPath(new URL('../../', import.meta.url)).replaceAll('\\', '/');

const terminal: Terminal = {
  read: (file) => readFileSync(file, 'utf8'),
  whole: (file) => (file.startsWith('/') ? file : `${root}${file}`),
  version: () => '',
  out: async () => {},
  error: async () => {},
};

/** A file by its path in the repository, with the protocol that it names. */
export function readFile(path: string): Read {
  const { scenario, problems, source } = loadScenario(`${root}${path}`, terminal, {});
  if (scenario === undefined) throw new Error(problems.join('\n'));
  return { scenario, text: source!.text };
}
