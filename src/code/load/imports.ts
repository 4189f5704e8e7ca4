/** The imports of a module: where they are in its source, and which files they name. */
import { CodeFault, type SourcePlace } from '../code-fault.ts';
import { requested } from '../transform/generated.ts';
import type { Stripped } from '../transform/strip.ts';
import { parsed, visit } from '../transform/syntax.ts';
import { folderOf, joined, sourceNamed } from './source-paths.ts';

/** The module with the author API: `import { role } from 'lockstep'`. */
export const lockstepModule = 'lockstep';

export interface Import {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** The files that a module imports, apart from those of which it uses only types. */
export function importsOf(module: Stripped): Import[] {
  const found: Import[] = [];
  visit(parsed(module), undefined, (node) => {
    const name = requested(node);
    if (name === undefined || name === lockstepModule) return;
    found.push({ name, ...placeOfImport(module.source, name, node.loc!.start.line) });
  });
  return found;
}

/**
 * The place at which the source names a module. An import may run over several lines, and its code
 * keeps only the first, so the search begins there.
 */
export function placeOfImport(source: string, name: string, from = 1) {
  const lines = source.split('\n');
  for (let index = from - 1; index < lines.length; index++) {
    const at = Math.max(lines[index].indexOf(`'${name}'`), lines[index].indexOf(`"${name}"`));
    if (at >= 0) return { line: index + 1, column: at + 1 };
  }
  return { line: from, column: 1 };
}

/** The file that an import names, from the root. Throws if it is not a file below the root. */
export function importedFile(
  from: string,
  { name, line, column }: Import,
  root?: string,
): string {
  const place = { file: from, line, column };
  const cannot = `'${name}' cannot be imported`;
  if (!/^\.\.?\//.test(name)) {
    const may = `only '${lockstepModule}' and files of the protocol, such as './messages.ts'`;
    throw new CodeFault('package-import', `${cannot}: import ${may}`, place);
  }
  if (name.endsWith('.json')) {
    const file = name.replace(/^.*\//, '').replace(/json$/, 'ts');
    const message = `${cannot}: export its data as a constant from ${file}`;
    throw new CodeFault('json-import', message, place);
  }
  if (/\.([mc][tj]s|[tj]sx)$/.test(name)) {
    const message = `${cannot}: use the extension .ts for all files of a protocol`;
    throw new CodeFault('file-extension', message, place);
  }
  const file = joined(folderOf(from), name);
  if (file === undefined) throw outsideRoot(name, root, place);
  return sourceNamed(file);
}

export function outsideRoot(
  name: string,
  root: string | undefined,
  place: Pick<SourcePlace, 'file'> & Partial<SourcePlace>,
): CodeFault {
  const where = root === undefined || root === '.' ? '' : `${root}, `;
  const how = 'move the file into it, or set another root (`--root`, or `root` in launch.json)';
  const message = `'${name}' is outside ${where}the root of this protocol: ${how}`;
  return new CodeFault('outside-root', message, place);
}

/** The file of an import that was found to be one; undefined for the author API. */
export function targetOf(file: string, request: string): string | undefined {
  if (request === lockstepModule) return undefined;
  return sourceNamed(joined(folderOf(file), request) ?? '');
}
