/** Sources as clients know them: files on their disk, else sources that the adapter serves. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { codeRoot } from '../../code/call-stack.ts';
import { plainPath } from '../../code/load/source-paths.ts';
import type { Session } from '../../session/session.ts';
import type { Place } from '../../session/read/stack.ts';
import { RequestRefusal } from '../refusal.ts';

export interface Paths {
  /** The folder of the built-in protocols' sources on the client's disk, if they are there. */
  readonly protocolRoot?: string;
  /** Converts paths to the client's format, and back. */
  toClient(path: string): string;
  fromClient(path: string): string;
}

export function pathsFor(format: string | undefined, protocolRoot: string | undefined): Paths {
  const asUri = format === 'uri';
  return {
    ...(protocolRoot ? { protocolRoot } : {}),
    toClient: (path) => (asUri && path.startsWith('/') ? `file://${encodeURI(path)}` : path),
    fromClient: (path) => (path.startsWith('file://') ? decodeURI(path.slice(7)) : path),
  };
}

export function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}

/** What a source is: the scenario, a file of the protocol, or neither. */
export type Meaning =
  { readonly in: 'scenario' } | { readonly in: 'protocol'; readonly file: string } | undefined;

export class Sources {
  constructor(
    private readonly session: Session,
    private readonly program: string,
    private readonly paths: Paths,
  ) {}

  of(place: Place): DebugProtocol.Source {
    if (place.in === 'protocol') return this.ofFile(place.file);
    return { name: baseName(this.program), path: this.paths.toClient(this.program) };
  }

  ofFile(file: string): DebugProtocol.Source {
    const root = this.session.code.root ?? this.paths.protocolRoot;
    if (root !== undefined) {
      return { name: baseName(file), path: this.paths.toClient(`${root}/${file}`) };
    }
    const reference = this.files.indexOf(file) + 1;
    return { name: baseName(file), path: `${codeRoot}${file}`, sourceReference: reference };
  }

  all(): DebugProtocol.Source[] {
    const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    return [this.of({ in: 'scenario', range }), ...this.files.map((file) => this.ofFile(file))];
  }

  meaning(source: DebugProtocol.Source): Meaning {
    const path = plainPath(this.paths.fromClient(source.path ?? source.name ?? ''));
    if (path === plainPath(this.program)) return { in: 'scenario' };
    const { root } = this.session.code;
    if (root !== undefined) {
      const file = this.files.find((one) => path === `${root}/${one}`);
      return file === undefined ? undefined : { in: 'protocol', file };
    }
    const isServed = (source.sourceReference ?? 0) > 0;
    const file = this.files.find(
      (one) => path.endsWith(`/protocols/${one}`) || (isServed && path.endsWith(one)),
    );
    return file === undefined ? undefined : { in: 'protocol', file };
  }

  text(reference: number): string {
    const file = this.files[reference - 1];
    const text = file === undefined ? undefined : this.session.code.files.get(file);
    if (text === undefined) throw new RequestRefusal({ code: 'no source', number: reference });
    return text;
  }

  private get files(): string[] {
    return [...this.session.code.files.keys()];
  }
}
