/** What runs covered, as plain data, and the sum of it over several runs. */

/** How often each part of a protocol was reached: plain data. */
export interface CoverageReport {
  readonly protocol: string;
  /** Its files are those of Lockstep, and not of the workspace. */
  readonly isBuiltIn: boolean;
  readonly events: readonly Counted[];
  /** The invariants. One with a condition that never was true was never put to the test. */
  readonly promises: readonly CoveredPromise[];
  /** By name; without what runs only to draw a node. */
  readonly files: readonly CoveredFile[];
  /** Why the lines are not known. */
  readonly whyNoLines?: string;
}

export interface Counted {
  readonly name: string;
  readonly count: number;
}

export interface CoveredPromise {
  readonly name: string;
  readonly isTested: boolean;
  /** Where the protocol makes it, if that is known. */
  readonly place?: { readonly file: string; readonly line: number };
}

export interface CoveredFile {
  readonly file: string;
  /** Lines and columns count from 1. */
  readonly statements: readonly {
    readonly line: number; readonly column: number; readonly count: number;
  }[];
  readonly functions: readonly {
    readonly name: string; readonly line: number; readonly count: number;
  }[];
}

/** Adds a report to others: to the one on the same sources, if there is one. */
export function addReport(all: CoverageReport[], report: CoverageReport): void {
  const shape = shapeOf(report);
  const same = all.findIndex((one) => shapeOf(one) === shape);
  if (same < 0) all.push(report);
  else all[same] = sumOf(all[same], report);
}

function sumOf(one: CoverageReport, other: CoverageReport): CoverageReport {
  return {
    ...one,
    events: one.events.map((event, i) => ({
      ...event, count: event.count + other.events[i].count,
    })),
    promises: one.promises.map((promise, i) => ({
      ...promise, isTested: promise.isTested || other.promises[i].isTested,
    })),
    files: one.files.map((file, i) => ({
      ...file,
      statements: added(file.statements, other.files[i].statements),
      functions: added(file.functions, other.files[i].functions),
    })),
  };
}

function added<Item extends { readonly count: number }>(
  some: readonly Item[],
  more: readonly Item[],
): Item[] {
  return some.map((item, i) => ({ ...item, count: item.count + more[i].count }));
}

function shapeOf({ protocol, files, events }: CoverageReport): string {
  const parts = files.map(({ file, statements, functions }) => {
    const places = statements.map(({ line, column }) => `${line}:${column}`);
    return [file, functions.map(({ name }) => name), places];
  });
  return JSON.stringify([protocol, events.map(({ name }) => name), parts]);
}
