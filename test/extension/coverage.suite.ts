// *Run with Coverage* in the Testing view: what VS Code is given for the gutter, file by file.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../host/eventually.mjs';
import { sampleScenario } from './conversation.ts';

interface Given {
  readonly file: vscode.FileCoverage;
  readonly details: readonly vscode.FileCoverageDetail[];
}

describe('Run with Coverage', () => {
  const given: Given[] = [];
  // The class is that of all extensions, so this sees what the extension makes for its test run.
  const { fromDetails } = vscode.FileCoverage;
  let lines: readonly string[];
  let raft: Given;

  before(async () => {
    vscode.FileCoverage.fromDetails = (uri, details) => {
      const file = fromDetails(uri, details);
      given.push({ file, details });
      return file;
    };
    const scenario = await sampleScenario();
    await vscode.window.showTextDocument(scenario);
    await eventually(async () => {
      await vscode.commands.executeCommand('testing.coverage.uri', scenario);
      return given.length > 0 ? true : undefined;
    }, 'coverage');
    raft = fileNamed('raft.ts');
    lines = (await vscode.workspace.openTextDocument(raft.file.uri)).getText().split(/\r?\n/);
  });
  after(async () => {
    vscode.FileCoverage.fromDetails = fromDetails;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  function fileNamed(name: string): Given {
    const found = given.find(({ file }) => file.uri.path.endsWith(`/raft/${name}`));
    assert.ok(found, `${name} is not among ${given.map(({ file }) => file.uri.path).join(', ')}`);
    return found;
  }

  /** How often the statement of the first line with this text ran. */
  function executed({ details }: Given, of: readonly string[], text: string): number {
    const line = of.findIndex((one) => one.includes(text));
    assert.ok(line >= 0, text);
    const all = details.filter((one) => {
      return one instanceof vscode.StatementCoverage && placeOf(one).line === line;
    });
    assert.ok(all.length > 0, `${text} has no coverage`);
    return Math.max(...all.map((one) => Number(one.executed)));
  }

  function placeOf({ location }: vscode.FileCoverageDetail): vscode.Position {
    return location instanceof vscode.Range ? location.start : location;
  }

  it('says of each file how many statements and functions ran', () => {
    const { statementCoverage, declarationCoverage } = raft.file;
    assert.ok(statementCoverage.covered > 0);
    assert.ok(statementCoverage.covered < statementCoverage.total, 'an election covers not all');
    assert.ok(declarationCoverage && declarationCoverage.covered > 0);
  });

  it('has the counts at the statements themselves', () => {
    for (const { details, file } of [raft]) {
      for (const one of details) {
        const { line, character } = placeOf(one);
        const text = lines[line];
        assert.ok(text !== undefined, `${file.uri.path} has no line ${line + 1}`);
        if (one instanceof vscode.StatementCoverage) assert.match(text.slice(character), /^\S/);
      }
    }
  });

  it('shows the lines of events that occurred, and of those that did not', () => {
    assert.ok(executed(raft, lines, "node.event('ElectionTimedOut'") >= 1);
    assert.ok(executed(raft, lines, "node.event('VoteGranted'") >= 3);
    assert.equal(executed(raft, lines, "node.event('VoteDenied'"), 0);
  });

  it('shows which lines of invariants were evaluated, and marks none that was put to the test', async () => {
    const own = fileNamed('invariants.ts');
    const { covered, total } = own.file.statementCoverage;
    assert.ok(covered > 0 && covered < total, `${covered} of ${total}`);
    const text = (await vscode.workspace.openTextDocument(own.file.uri)).getText().split(/\r?\n/);
    for (const one of own.details) {
      if (!(one instanceof vscode.StatementCoverage)) continue;
      const { line, character } = placeOf(one);
      assert.match(text[line].slice(character), /^\S/);
    }
    const marked = vscode.languages.getDiagnostics().flatMap(([, all]) => all)
      .filter(({ message }) => message.includes('never put to the test'));
    assert.deepEqual(marked, []);
  });
});
