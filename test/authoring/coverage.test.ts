/** Run with Coverage: what the editor's coverage API and the list of problems receive. */
import { expect, test, vi } from 'vitest';
import type { DiagnosticCollection, FileCoverage, TestRun, Uri, WorkspaceFolder } from 'vscode';
import type { CoverageReport } from '../../src/check/coverage/report.ts';

interface Shown {
  readonly uri: string;
  readonly parts: readonly { readonly executed: number; readonly line: number; readonly name?: string }[];
}

vi.mock('vscode', () => {
  const parse = (text: string) => uri(text.replace(/^file:\/\//, ''));
  return {
    Uri: { parse, file: uri, joinPath: ({ path }: Uri, ...more: string[]) => uri([path, ...more].join('/')) },
    Position: class {
      constructor(readonly line: number, readonly character: number) {}
    },
    Range: class {
      constructor(readonly start: unknown, readonly end: unknown) {}
    },
    Diagnostic: class {
      constructor(readonly range: unknown, readonly message: string, readonly severity: number) {}
    },
    DiagnosticSeverity: { Information: 2 },
    StatementCoverage: class {
      constructor(readonly executed: number, readonly location: unknown) {}
    },
    DeclarationCoverage: class {
      constructor(readonly name: string, readonly executed: number, readonly location: unknown) {}
    },
    FileCoverage: { fromDetails: (of: Uri, parts: unknown) => ({ uri: of, parts }) },
    workspace: { workspaceFolders: [] },
  };
});

function uri(path: string): Uri {
  return { scheme: 'file', path, toString: () => `file://${path}` } as Uri;
}

const { detailsOf, RunCoverage } = await import('../../src/extension/testing/coverage.ts');

const folder = { uri: uri('/w') } as WorkspaceFolder;

function report(count: number, isTested: boolean, isBuiltIn = false): CoverageReport {
  const file = isBuiltIn ? 'protocols/raft/raft.ts' : 'lease.ts';
  return {
    protocol: isBuiltIn ? 'raft' : 'lease',
    isBuiltIn,
    events: [{ name: 'Granted', count }, { name: 'Expired', count: 0 }],
    promises: [{ name: 'Exclusive', isTested, place: { file, line: 30 } }],
    files: [{
      file,
      statements: [{ line: 4, column: 3, count }, { line: 5, column: 3, count: 0 }],
      functions: [{ name: 'Ask', line: 3, count }],
    }],
  };
}

function shownBy(...reports: readonly CoverageReport[]) {
  const coverage = new RunCoverage(uri('/extension'));
  for (const one of reports) coverage.add([one], folder);
  const files: Shown[] = [];
  const hints: Record<string, string[]> = {};
  let output = '';
  const addCoverage = (shown: FileCoverage) => {
    const parts = detailsOf(shown).map((part) => ({
      executed: Number(part.executed),
      line: (part.location as { line: number }).line + 1,
      ...('name' in part && { name: part.name }),
    }));
    files.push({ uri: shown.uri.path, parts });
  };
  const run = { addCoverage, appendOutput: (text: string) => (output += text) };
  const list = {
    clear: () => undefined,
    set: (of: Uri, own: { message: string; range: { start: { line: number } } }[]) => {
      hints[of.path] = own.map(({ message, range }) => `${range.start.line + 1}: ${message}`);
    },
  };
  coverage.show(run as unknown as TestRun, list as unknown as DiagnosticCollection);
  return { files, hints, output };
}

test('lines and functions are counted over all processes of a run', () => {
  const { files } = shownBy(report(2, true), report(3, false));
  expect(files).toEqual([{
    uri: '/w/lease.ts',
    parts: [
      { executed: 5, line: 4 }, { executed: 0, line: 5 }, { executed: 5, line: 3, name: 'Ask' },
    ],
  }]);
});

test('a promise that was never put to the test is shown where it is made', () => {
  const { hints, output } = shownBy(report(2, false));
  const [hint] = hints['/w/lease.ts']!;
  expect(hint).toMatch(/^30: Exclusive of lease was never put to the test/);
  expect(output).toContain('Exclusive of lease was never put to the test');
  expect(output).toContain('Never occurred in lease: Expired');
  expect(shownBy(report(2, false), report(1, true)).hints).toEqual({});
});

test('the source of a built-in protocol is in the extension', () => {
  const { files } = shownBy(report(1, true, true));
  expect(files[0]!.uri).toBe('/extension/dist/protocols/raft/raft.ts');
});
