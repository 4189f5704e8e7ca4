/** Sources as clients know them: files on their disk, else sources that the adapter serves. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { codeRoot } from '../../code/call-stack.ts';
import { folderOf, plainPath } from '../../code/load/source-paths.ts';
import { patternsFile, patternsPath } from '../../code/pattern-sources.ts';
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
    toClient: (path) => (asUri ? uriOfPath(path) : path),
    fromClient: (path) => (path.startsWith('file://') ? pathOfUri(path) : path),
  };
}

/** `file:///c%3A/my%20runs/a%23b.ts`; what is not an absolute path stays as it is. */
function uriOfPath(path: string): string {
  const isOnDrive = /^[A-Za-z]:[\\/]/.test(path);
  if (!isOnDrive && !path.startsWith('/')) return path;
  const parts = (isOnDrive ? `/${path.replaceAll('\\', '/')}` : path).split('/');
  return `file://${parts.map(encodeURIComponent).join('/')}`;
}

/** The path of a file URI; as it is if its escapes are malformed. */
function pathOfUri(uri: string): string {
  try {
    const path = decodeURIComponent(uri.slice('file://'.length));
    // A host comes before the path, and a slash before a drive.
    if (!path.startsWith('/')) return `//${path}`;
    return path.replace(/^\/([A-Za-z]:)/, '$1');
  } catch {
    return uri;
  }
}

export function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}

/** The path of a source that the adapter serves. */
function servedPath(file: string): string {
  return file === patternsFile ? `lockstep:/${patternsPath}` : `${codeRoot}${file}`;
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
    const name = baseName(file);
    const path = this.pathOf(file);
    if (path !== undefined) return { name, path: this.paths.toClient(path) };
    return { name, path: servedPath(file), sourceReference: this.files.indexOf(file) + 1 };
  }

  /** Where a file is on the client's disk; undefined if the adapter serves it. */
  private pathOf(file: string): string | undefined {
    const { protocolRoot } = this.paths;
    if (file === patternsFile) return protocolRoot && `${folderOf(protocolRoot)}/${patternsPath}`;
    const root = this.session.code.root ?? protocolRoot;
    return root === undefined ? undefined : `${root}/${file}`;
  }

  all(): DebugProtocol.Source[] {
    const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    return [this.of({ in: 'scenario', range }), ...this.files.map((file) => this.ofFile(file))];
  }

  meaning(source: DebugProtocol.Source): Meaning {
    const path = plainPath(this.paths.fromClient(source.path ?? source.name ?? ''));
    if (path === plainPath(this.program)) return { in: 'scenario' };
    const isServed = (source.sourceReference ?? 0) > 0;
    // Built-in protocols may be opened from another copy of the same files.
    const isBuiltIn = this.session.code.root === undefined;
    const file = this.files.find((one) => {
      const own = this.pathOf(one);
      if (own !== undefined && path === plainPath(own)) return true;
      if (isServed && path.endsWith(servedPath(one))) return true;
      const copied = one === patternsFile ? `/${patternsPath}` : `/protocols/${one}`;
      return isBuiltIn && (path.endsWith(copied) || (isServed && path.endsWith(one)));
    });
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
