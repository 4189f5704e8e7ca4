// What commands of the command line read and wait for when they run inside the extension host.
import * as vscode from 'vscode';
import type { Terminal } from '../cli/terminal.ts';
import type { Reading } from '../code/load/workspace-files.ts';
import type * as engineModule from './engine.ts';
import { readText, uriOf } from './scenario-files.ts';

type Engine = typeof engineModule;

/**
 * The scenario and the files of its protocol, by the names that the command line reads. Scenarios
 * that pass the same `texts` read their common files once.
 */
export async function textsFor(
  { protocolReference, locate, gather, CodeFault }: Engine,
  uri: vscode.Uri,
  file: string,
  texts = new Map<string, string>(),
): Promise<ReadonlyMap<string, string>> {
  const scenario = await readText(uri);
  texts.set(file, scenario);
  const reference = protocolReference(scenario);
  if (reference === undefined) return texts;
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  try {
    const entry = await reading(locate(file, reference.path), texts, folder);
    await reading(gather(entry), texts, folder);
  } catch (error) {
    // The test finds the same fault and reports it.
    if (!(error instanceof CodeFault)) throw error;
  }
  return texts;
}

/** Runs a generator that requests the texts of files, and keeps the texts. */
export async function reading<Result>(
  generator: Reading<Result>,
  texts: Map<string, string>,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<Result> {
  let next = generator.next();
  while (!next.done) {
    const name = next.value;
    const text = texts.get(name) ?? (await readText(uriOf(name, folder)).catch(() => undefined));
    if (text !== undefined) texts.set(name, text);
    next = generator.next(text);
  }
  return next.value;
}

/** Prints nothing: each line of output is a report in JSON. It reads `texts` alone. */
export function inlineTerminal<Report>(
  texts: ReadonlyMap<string, string>,
  report: (report: Report) => void,
  token: vscode.CancellationToken,
): Terminal {
  return {
    read: (name) => readFrom(texts, name),
    rest: () => rest(token),
    version: () => '',
    out: async (line) => report(JSON.parse(line) as Report),
    error: async () => undefined,
  };
}

function readFrom(texts: ReadonlyMap<string, string>, name: string): string {
  const text = texts.get(name);
  if (text === undefined) throw Object.assign(new Error(name), { code: 'ENOENT' });
  return text;
}

/** Runs a command; if the user cancels it, it ends well, with a part of its reports. */
export async function untilCancelled(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) throw error;
  }
}

/** Lets the extension host do other work; rejects if the user cancelled the run meanwhile. */
export async function rest(token: vscode.CancellationToken): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  if (token.isCancellationRequested) throw new vscode.CancellationError();
}
