/** Runs a script of Node while the worker goes on: a worker that blocks for a minute loses its runner. */
import { execFile } from 'node:child_process';

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runNode(script: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 2 ** 28 };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      const code = error?.code ?? 0;
      resolve({ status: typeof code === 'number' ? code : -1, stdout, stderr });
    });
  });
}
