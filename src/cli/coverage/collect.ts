/** The coverage of the scenarios of one command, one report for each protocol. */
import { Coverage } from '../../check/coverage/coverage.ts';
import { addReport, type CoverageReport } from '../../check/coverage/report.ts';
import { codeOfProtocol } from '../../code/built-in-sources.ts';
import type { Code } from '../../code/code.ts';
import { writeFile } from '../files.ts';
import { type Loaded, shownFile } from '../load.ts';
import type { Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { lcovText } from './report.ts';

export class CoverageOfAll {
  private readonly builtIn = new Map<string, Code>();
  private readonly all: CoverageReport[] = [];

  constructor(private readonly terminal: Terminal) {}

  begin({ scenario, code }: Loaded): Coverage {
    if (code !== undefined) return new Coverage(code);
    const { protocol } = scenario!;
    const known = this.builtIn.get(protocol.name) ?? codeOfProtocol(protocol);
    this.builtIn.set(protocol.name, known);
    return new Coverage(known);
  }

  /** Adds what one scenario covered. */
  end({ report }: Coverage, { code }: Loaded): void {
    addReport(this.all, this.named(report, code));
  }

  get reports(): readonly CoverageReport[] {
    return this.all;
  }

  /** With the files as a user in the working directory would name them. */
  private named(report: CoverageReport, code: Code | undefined): CoverageReport {
    const nameOf = (file: string) => {
      if (code === undefined) return `protocols/${file}`;
      return shownFile(code.root ?? '.', file, this.terminal);
    };
    return {
      ...report,
      promises: report.promises.map((one) => {
        return one.place ? { ...one, place: { ...one.place, file: nameOf(one.place.file) } } : one;
      }),
      files: report.files.map((one) => ({ ...one, file: nameOf(one.file) })),
    };
  }
}

/** Writes the file of `--lcov`, if there is one. Returns false if it cannot be written. */
export async function writeLcov(
  reports: readonly CoverageReport[],
  { lcov }: Values,
  terminal: Terminal,
): Promise<boolean> {
  if (typeof lcov !== 'string') return true;
  return writeFile('lcov', lcov, () => lcovText(reports), terminal);
}

/** Why the options on coverage cannot be used; undefined if they can. */
export function whyNoCoverage({ coverage, lcov }: Values, terminal: Terminal): string | undefined {
  if (lcov === undefined) return undefined;
  if (coverage !== true) return '--lcov needs --coverage';
  return terminal.write === undefined ? '--lcov: files cannot be written here' : undefined;
}
