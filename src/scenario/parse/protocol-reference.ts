/** Which file of the workspace a scenario names as its protocol: told before anything runs. */
import { isMap, isScalar, parseDocument } from 'yaml';

/** Undefined where the scenario names a built-in protocol, or cannot be read. */
export function protocolReference(text: string): ProtocolReference | undefined {
  // The line alone, so that steps by the thousand are not read twice.
  const line = /^["']?protocol["']?\s*:.*$/m.exec(text);
  if (line === null) return undefined;
  const document = parseDocument(line[0], { prettyErrors: false, logLevel: 'error' });
  const value = isMap(document.contents) ? document.get('protocol', true) : undefined;
  if (!isScalar(value) || typeof value.value !== 'string' || !isReference(value.value)) {
    return undefined;
  }
  const before = text.slice(0, line.index).split('\n').length;
  const [start, end] = value.range ?? [0, 0];
  return { path: value.value, line: before, column: start + 1, endColumn: end + 1 };
}

/** Where it stands in the scenario, counted from 1. */
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
