/** Finds the workspace file that a scenario names as its protocol, before anything is parsed. */
import { isMap, isScalar, parseDocument } from 'yaml';
import { excessOf } from './limits.ts';

/** The line has a path; a longer one is refused when the scenario is parsed. */
const lineMax = 5_000;

/** Undefined if the scenario names a built-in protocol, or cannot be read. */
export function protocolReference(text: string): ProtocolReference | undefined {
  // Only the line, so that a file with thousands of steps is not parsed twice.
  const line = /^["']?protocol["']?[ \t]*:.*$/m.exec(text);
  if (line === null || line[0].length > lineMax) return undefined;
  if (excessOf(line[0]) !== undefined) return undefined;
  const document = parseDocument(line[0], { prettyErrors: false, logLevel: 'error' });
  const value = isMap(document.contents) ? document.get('protocol', true) : undefined;
  if (!isScalar(value) || typeof value.value !== 'string' || !isReference(value.value)) {
    return undefined;
  }
  const before = text.slice(0, line.index).split('\n').length;
  const [start, end] = value.range ?? [0, 0];
  return { path: value.value, line: before, column: start + 1, endColumn: end + 1 };
}

/** The path and where the scenario has it; lines and columns count from 1. */
export interface ProtocolReference {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** `./my-protocol.ts` or `lock.ts`, not `raft`. */
export function isReference(name: string): boolean {
  return /^\.\.?\//.test(name) || name.endsWith('.ts');
}
