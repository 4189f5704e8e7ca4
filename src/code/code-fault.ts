/** A fault in the source of a protocol: its code, its place, and a message for the author. */

/** Every fault that can keep a protocol from being loaded. */
export const codeFaultCodes = [
  // Files and imports
  'file-not-found',
  'outside-workspace',
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
] as const;

export type CodeFaultCode = (typeof codeFaultCodes)[number];

export interface SourcePlace {
  /** Named from the root of the protocol's files. */
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** Thrown by everything that loads a protocol; an editor shows it at its place. */
export class CodeFault extends Error implements SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;

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
export function faultText({ message, file, line, column }: CodeFault, root?: string): string {
  return `${root === undefined ? file : `${root}/${file}`}:${line}:${column}: ${message}`;
}
