// Compares scenarios inside the extension host: on the web, and for files not on this disk.
import * as vscode from 'vscode';
import type { CompareReport } from '../../cli/compare/compare-report.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { inlineTerminal, textsFor, untilCancelled } from '../inline-terminal.ts';
import { isUri, programOf } from '../scenario-files.ts';
import { comparing as words } from '../words.ts';
import type { Compared, Comparer } from './comparer.ts';

export class InlineComparer implements Comparer {
  async compare(
    { folder, files }: Compared,
    report: (report: CompareReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const engine = await import('../engine.ts');
    // The command line reads at once, but an editor's files are read in the background.
    const texts = new Map<string, string>();
    for (const name of files) {
      const uri = vscode.Uri.joinPath(folder, name);
      const file = programOf(uri);
      await textsFor(engine, uri, file, texts);
      texts.set(name, texts.get(file)!);
      if (token.isCancellationRequested) return;
    }
    let errors = '';
    let isComplete = false;
    const reported = (one: CompareReport) => {
      isComplete ||= one.type === 'compared';
      report(one);
    };
    const terminal: Terminal = {
      ...inlineTerminal(texts, reported, token),
      whole: (name) => {
        const isWhole = isUri(name) || name.startsWith('/');
        return isWhole ? name : programOf(vscode.Uri.joinPath(folder, name));
      },
      error: async (text) => void (errors += text),
    };
    await untilCancelled(() => engine.compareScenarios([...files], { view: true }, terminal));
    if (!isComplete && !token.isCancellationRequested) {
      throw new Error(words.processEnded(errors.trim()));
    }
  }
}
