// What is wrong with a scenario and with the protocol of the workspace that it names.
import * as vscode from 'vscode';
import { untrustedCode } from '../../dap/words/refusals.ts';
import type { Protocol } from '../../protocol/types.ts';
import type { Problem } from '../../scenario/check.ts';
import type { ProtocolReference } from '../../scenario/parse/protocol-reference.ts';
import { withTimeLimit } from '../../dap/time-limit.ts';
import { loadMsMax } from '../../kernel/text/execution-limits.ts';
import { programOf, readText, uriOf } from '../scenario-files.ts';

export interface Checked {
  readonly problems: readonly Problem[];
  /** The fault of the protocol, in the file where it is. */
  readonly fault?: { readonly uri: vscode.Uri; readonly problem: Problem };
  /** The files of the protocol: when one changes, the scenario is to be checked again. */
  readonly files: readonly string[];
}

export async function checked(document: vscode.TextDocument): Promise<Checked> {
  // Loaded with the first scenario: the YAML and expression parsers would slow the activation.
  const engine = await import('../engine.ts');
  const text = document.getText();
  const file = programOf(document.uri);
  const reference = engine.protocolReference(text);
  if (reference === undefined) return { problems: engine.checkScenario(text, file), files: [] };
  // In a workspace that is not trusted, nothing of it is run, not even to look for problems.
  if (!vscode.workspace.isTrusted) {
    const refused = problemAt(reference, 'untrusted-protocol', untrustedCode(reference.path));
    return { problems: [...engine.checkScenario(text, file), refused], files: [] };
  }
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const files: string[] = [];
  let root = '';
  try {
    const entry = engine.entryOf(file, reference.path, folder && programOf(folder.uri));
    root = entry.root;
    const gathering = engine.gather(entry);
    let next = gathering.next();
    while (!next.done) {
      const uri = uriOf(next.value, folder);
      files.push(uri.toString());
      next = gathering.next(await textOf(uri));
    }
    const texts = next.value;
    const problems = withTimeLimit(loadMsMax, 'load-time-limit', () => {
      const { protocol }: { protocol: Protocol } = engine.loadProtocol(texts, entry.file);
      return engine.checkScenario(text, file, protocol);
    });
    return { problems, files };
  } catch (error) {
    const problems = engine.checkScenario(text, file);
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof engine.CodeFault)) {
      const refused = problemAt(reference, 'bad-protocol', `${reference.path}: ${message}`);
      return { problems: [...problems, refused], files };
    }
    const { line, column } = error;
    const words = `${error.file}:${line}:${column}: ${message}`;
    const place = { line, column, endLine: line, endColumn: column + 1 };
    return {
      problems: [...problems, problemAt(reference, 'bad-protocol', words)],
      fault: {
        uri: uriOf(`${root}/${error.file}`, folder),
        problem: { ...place, code: error.code, message, severity: 'error' },
      },
      files,
    };
  }
}

function problemAt(
  { line, column, endColumn }: ProtocolReference,
  code: 'untrusted-protocol' | 'bad-protocol',
  message: string,
): Problem {
  const severity = code === 'untrusted-protocol' ? 'warning' : 'error';
  return { code, line, column, endLine: line, endColumn, severity, message };
}

/** As an editor shows it, saved or not; undefined where there is no such file. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  if (open) return open.getText();
  try {
    return await readText(uri);
  } catch {
    return undefined;
  }
}
