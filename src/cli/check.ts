/** `lockstep check FILE…`: reports problems in scenario files, and runs none. */
import { loadScenario, scenarioFiles } from './load.ts';
import { refuse, type Values } from './options.ts';
import type { Terminal } from './terminal.ts';

export async function check(files: string[], values: Values, terminal: Terminal): Promise<number> {
  if (files.length === 0) return refuse('check needs a file: `lockstep check FILE…`', terminal);
  const found = scenarioFiles(files, terminal);
  if ('problem' in found) return refuse(found.problem, terminal);
  let code = 0;
  for (const file of found.files) {
    const { scenario, problems } = loadScenario(file, terminal, values);
    for (const problem of problems) await terminal.error(`${problem}\n`);
    if (scenario === undefined) code = 2;
    else
      await terminal.out(
        `${file}: ${scenario.steps.length} steps, ${scenario.expect.length} expectations\n`,
      );
  }
  return code;
}
