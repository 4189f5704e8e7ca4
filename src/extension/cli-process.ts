// Runs the command line in a process of its own: endless code cannot freeze the editor.
import { spawn } from 'node:child_process';
import * as readline from 'node:readline';
import type * as vscode from 'vscode';

export interface CliCommand {
  /** The file of the command line. */
  readonly cli: string;
  readonly list: readonly string[];
  /** The folder in which it runs; undefined if it reads no files. */
  readonly folder?: string;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/** How a process ended that the user has not cancelled. */
export interface CliEnd {
  readonly code: number | null;
  /** What it wrote to its standard error. */
  readonly errors: string;
}

/**
 * Calls `report` with each line of output, which is JSON. Ends the process if it is cancelled, and
 * then returns undefined.
 */
export async function runCli<Report>(
  { cli, list, folder, input }: CliCommand,
  report: (report: Report) => void,
  token: vscode.CancellationToken,
): Promise<CliEnd | undefined> {
  const child = spawn(process.execPath, [cli, ...list], {
    cwd: folder,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const cancelling = token.onCancellationRequested(() => child.kill());
  let errors = '';
  child.stderr.on('data', (data) => (errors += String(data)));
  // It may end before it has read all of its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const lines = readline.createInterface({ input: child.stdout });
  lines.on('line', (line) => report(JSON.parse(line) as Report));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      // The lines may be read after the process has exited.
      child.on('close', resolve);
    });
    return token.isCancellationRequested ? undefined : { code, errors: errors.trim() };
  } finally {
    cancelling.dispose();
  }
}
