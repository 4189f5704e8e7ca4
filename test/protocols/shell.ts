/** Runs a scenario as `lockstep run` does, and returns its exit code and output as text. */
import { lockstep } from '../../src/cli/lockstep.ts';

export async function outputOf(text: string, ...flags: string[]): Promise<string> {
  return commandOutput('run', text, ...flags);
}

export async function commandOutput(
  command: string, text: string, ...flags: string[]
): Promise<string> {
  let out = '';
  const write = async (more: string) => void (out += more);
  const code = await lockstep([command, ...flags, 'x.scenario.yaml'], {
    read: () => text,
    version: () => '',
    out: write,
    error: write,
  });
  return `exit ${code}\n${out}`;
}
