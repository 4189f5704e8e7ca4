// Compares scenarios in a process of its own: endless code cannot freeze the editor.
import type * as vscode from 'vscode';
import type { CompareReport } from '../../cli/compare/compare-report.ts';
import { runCli } from '../cli-process.ts';
import { isUri, programOf } from '../scenario-files.ts';
import { comparing as words } from '../words.ts';
import type { Compared, Comparer } from './comparer.ts';
import { InlineComparer } from './inline-comparer.ts';

export class ProcessComparer implements Comparer {
  private readonly inline = new InlineComparer();

  constructor(private readonly cli: string) {}

  async compare(
    compared: Compared,
    report: (report: CompareReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const folder = programOf(compared.folder);
    // A separate process can read only files on this disk.
    if (isUri(folder)) return this.inline.compare(compared, report, token);
    let isComplete = false;
    const list = ['compare', '--view', '--', ...compared.files];
    const end = await runCli({ cli: this.cli, list, folder }, (one: CompareReport) => {
      isComplete ||= one.type === 'compared';
      report(one);
    }, token);
    if (end && !isComplete) throw new Error(words.processEnded(end.errors));
  }
}
