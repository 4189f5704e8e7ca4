/** A fault in the source of a protocol: its code, its place, and a message for the author. */

/** Every fault that can keep a protocol from being loaded. */
export const codeFaultCodes = [
  // Files and imports
  'file-not-found',
  'outside-root',
  'above-disk-root',
  'package-import',
  'json-import',
  'file-extension',
  'import-not-at-top',
  'missing-export',
  'import-cycle',
  // Syntax
  'syntax',
  'async-code',
  'decorator',
  'namespace',
  'generated-code',
  // State outside the nodes, and what differs from run to run
  'module-variable',
  'module-collection',
  'built-in-change',
  'frozen-value',
  'reserved-name',
  'unavailable-global',
  'random-number',
  // Modules as they run
  'iteration-limit',
  'native-limit',
  'call-depth-limit',
  'module-threw',
  // The parts of the protocol
  'no-protocol',
  'class-instance',
  'unknown-property',
  'missing-property',
  'wrong-type',
  'unknown-name',
  'renamed',
  'outside-limits',
] as const;

export type CodeFaultCode = (typeof codeFaultCodes)[number];

export interface SourcePlace {
  /** Named from the root of the protocol's files. */
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** Thrown by everything that loads a protocol; an editor shows each fault at its place. */
export class CodeFault extends Error implements SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The others, if it was thrown for several. */
  private others: readonly CodeFault[] = [];

  /** All faults that kept the protocol from being loaded, this one first. */
  get all(): readonly CodeFault[] {
    return [this, ...this.others];
  }

  /** The first of the faults, which holds the others. */
  static of([first, ...others]: readonly CodeFault[]): CodeFault {
    first.others = others;
    return first;
  }

  constructor(
    readonly code: CodeFaultCode,
    message: string,
    { file, line = 1, column = 1 }: Pick<SourcePlace, 'file'> & Partial<SourcePlace>,
  ) {
    super(message);
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

/**
 * Thrown if protocol code uses what it must not, such as `Date`. In a handler it is the outcome of
 * the step, like any other error. In a module it becomes a `CodeFault` with the same code.
 */
export class CodeRefusal extends Error {
  constructor(
    readonly code: CodeFaultCode,
    message: string,
  ) {
    super(message);
  }
}

/** `/w/lock.ts:3:5: unexpected token`, in the format of compilers. */
export function faultText(
  { message, file, line, column }: SourcePlace & { readonly message: string },
  root?: string,
): string {
  return `${root === undefined ? file : `${root}/${file}`}:${line}:${column}: ${message}`;
}

/** Runs `act`, and adds the faults that it throws to a list. */
export function attempt<Result>(act: () => Result, faults: CodeFault[]): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof CodeFault)) throw error;
    faults.push(...error.all);
    return undefined;
  }
}

/** Orders faults by the order of the files, and in a file by their places. */
export function bySource(files: readonly string[]): (one: CodeFault, other: CodeFault) => number {
  return (one, other) =>
    files.indexOf(one.file) - files.indexOf(other.file) ||
    one.line - other.line ||
    one.column - other.column;
}
