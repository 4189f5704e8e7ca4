// Finds the problems of a scenario, and those of the workspace protocol that it names.
import * as vscode from 'vscode';
import { withTimeLimit } from '../../dap/time-limit.ts';
import { untrustedCode } from '../../dap/words/refusals.ts';
import { loadMsMax } from '../../kernel/text/execution-limits.ts';
import type { Protocol } from '../../protocol/types.ts';
import type { CodeFault } from '../../code/code-fault.ts';
import type { Reading } from '../../code/load/workspace-files.ts';
import type { Problem } from '../../scenario/problem.ts';
import type { ProtocolReference } from '../../scenario/parse/protocol-reference.ts';
import type * as engineModule from '../engine.ts';
import { reasonOf } from '../failures.ts';
import { programOf, readText, uriOf } from '../scenario-files.ts';
import { problems as words } from '../words.ts';

type Engine = typeof engineModule;

export interface Checked {
  readonly problems: readonly Problem[];
  /** The problems of the protocol, each in the file that contains it. */
  readonly faults: readonly { readonly uri: vscode.Uri; readonly problem: Problem }[];
  /** The files of the protocol: a change of any of them requires a new check. */
  readonly files: readonly string[];
}

/** A scenario as it is in an editor or on disk. */
export interface ScenarioText {
  readonly uri: vscode.Uri;
  readonly content: string;
}

export async function checked(scenario: ScenarioText): Promise<Checked> {
  // Imported with the first scenario: the YAML and expression parsers would slow down activation.
  const engine = await import('../engine.ts');
  const { uri, content } = scenario;
  const file = programOf(uri);
  const reference = engine.protocolReference(content);
  if (reference === undefined) {
    return { problems: engine.checkScenario(content, file), faults: [], files: [] };
  }
  // In a workspace that is not trusted its code is not run, not even to find problems.
  if (!vscode.workspace.isTrusted) {
    const refused = problemAt(reference, 'untrusted-protocol', untrustedCode(reference.path));
    const problems = [...engine.checkScenario(content, file), refused];
    return { problems, faults: [], files: [] };
  }
  return checkedWithProtocol(engine, scenario, reference);
}

async function checkedWithProtocol(
  engine: Engine,
  { uri: scenario, content }: ScenarioText,
  reference: ProtocolReference,
): Promise<Checked> {
  const file = programOf(scenario);
  const folder = vscode.workspace.getWorkspaceFolder(scenario);
  const files: string[] = [];
  let root: string | undefined;
  try {
    const entry = await reading(engine.locate(file, reference.path), folder);
    root = entry.root;
    const sources = await reading(engine.gather(entry), folder, files);
    const problems = withTimeLimit(loadMsMax, 'load-time-limit', () => {
      const { protocol }: { protocol: Protocol } = engine.loadProtocol(sources, entry.file);
      return engine.checkScenario(content, file, protocol);
    });
    return { problems, faults: [], files };
  } catch (error) {
    const problems = engine.checkScenario(content, file);
    const bad = (message: string) => [...problems, problemAt(reference, 'bad-protocol', message)];
    if (!(error instanceof engine.CodeFault)) {
      const reason = reasonOf(error);
      return { problems: bad(words.notLoaded(reference.path, reason)), faults: [], files };
    }
    const { message, all } = error;
    if (root === undefined) return { problems: bad(message), faults: [], files };
    const { line, column } = error;
    const seenFromScenario = words.protocolFault(error.file, line, column, message);
    const faults = all.map((fault) => ({
      uri: uriOf(`${root}/${fault.file}`, folder),
      problem: problemOf(fault),
    }));
    return { problems: bad(seenFromScenario), faults, files };
  }
}

/** Runs a generator that requests the texts of files, and adds the files to a list. */
async function reading<Result>(
  generator: Reading<Result>,
  folder: vscode.WorkspaceFolder | undefined,
  files: string[] = [],
): Promise<Result> {
  let next = generator.next();
  while (!next.done) {
    const uri = uriOf(next.value, folder);
    files.push(uri.toString());
    next = generator.next(await sourceOf(uri));
  }
  return next.value;
}

function problemOf({ code, line, column, message }: CodeFault): Problem {
  const range = { line, column, endLine: line, endColumn: column + 1 };
  return { ...range, code, message, severity: 'error' };
}

function problemAt(
  { line, column, endColumn }: ProtocolReference,
  code: 'untrusted-protocol' | 'bad-protocol',
  message: string,
): Problem {
  const severity = code === 'untrusted-protocol' ? 'warning' : 'error';
  return { code, line, column, endLine: line, endColumn, severity, message };
}

/** The source as an editor shows it, saved or not; undefined if there is no such file. */
async function sourceOf(uri: vscode.Uri): Promise<string | undefined> {
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  if (open) return open.getText();
  try {
    return await readText(uri);
  } catch {
    return undefined;
  }
}
