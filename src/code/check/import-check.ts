/** Refuses imports of names that the other file does not export. */
import { attempt, CodeFault } from '../code-fault.ts';
import { placeOfImport, targetOf } from '../load/imports.ts';
import { helperCall, identifier, requested } from '../transform/generated.ts';
import type { Stripped } from '../transform/strip.ts';
import { parsed, type Tree, visit } from '../transform/syntax.ts';

/** A name of another module. */
interface Imported {
  readonly request: string;
  readonly name: string;
}

interface Use extends Imported {
  readonly line: number;
}

interface ModuleNames {
  /** The exported names. One that is only passed on has its origin, any other has null. */
  readonly exported: Map<string, Imported | null>;
  /** The modules of `export * from`. */
  readonly starExports: string[];
  readonly uses: Use[];
}

/** The names of a file; undefined if it is not a file of the protocol. */
type NamesIn = (file: string) => ModuleNames | undefined;

/**
 * Types are stripped without knowing what they are, so a name that is imported and never used may
 * be a type. Only names that the code uses are checked.
 */
export function importFaults(
  modules: ReadonlyMap<string, Stripped>,
  files: Iterable<string>,
): CodeFault[] {
  const faults: CodeFault[] = [];
  const known = new Map<string, ModuleNames>();
  const namesIn: NamesIn = (file) => {
    // The exports of a file that cannot be parsed are unknown.
    const module = attempt(() => modules.get(file), []);
    if (module === undefined || attempt(() => parsed(module), []) === undefined) return undefined;
    const names = known.get(file) ?? namesOf(module);
    known.set(file, names);
    return names;
  };
  for (const file of files) {
    const reported = new Set<string>();
    for (const use of namesIn(file)?.uses ?? []) {
      const target = targetOf(file, use.request);
      const key = `${target} ${use.name}`;
      if (target === undefined || reported.has(key)) continue;
      if (isExported(target, use.name, namesIn)) continue;
      reported.add(key);
      faults.push(missingExport(modules.get(file)!, use, target, namesIn));
    }
  }
  return faults;
}

/** Whether a module exports a name, its own or that of another module. */
function isExported(
  file: string,
  name: string,
  namesIn: NamesIn,
  visited = new Set<string>(),
): boolean {
  const key = `${file}\n${name}`;
  const names = namesIn(file);
  if (names === undefined) return true;
  // Modules may export from each other in a cycle.
  if (visited.has(key)) return false;
  visited.add(key);
  const isExportedBy = (request: string, wanted: string) => {
    const target = targetOf(file, request);
    return target === undefined || isExported(target, wanted, namesIn, visited);
  };
  const origin = names.exported.get(name);
  if (origin === null) return true;
  if (origin !== undefined) return isExportedBy(origin.request, origin.name);
  return name !== 'default' && names.starExports.some((request) => isExportedBy(request, name));
}

function missingExport(
  { file, source }: Stripped,
  { request, name, line }: Use,
  target: string,
  namesIn: NamesIn,
): CodeFault {
  const there = [...exportedNames(target, namesIn)].filter((one) => one !== 'default');
  const has = there.length === 0 ? 'nothing' : there.join(', ');
  const lacks = name === 'default' ? 'has no default export' : `does not export \`${name}\``;
  const message = `${target} ${lacks}: it exports ${has}`;
  const lines = source.split('\n');
  const place = placeOfImport(source, request, line);
  let first = place.line;
  while (first > 1 && !/\b(import|export)\b/.test(lines[first - 1])) first--;
  for (let index = first - 1; name !== 'default' && index < place.line; index++) {
    const word = name.replaceAll('$', '\\$');
    const at = lines[index].search(new RegExp(`(?<![\\w$.'"/])${word}(?![\\w$])`));
    if (at < 0) continue;
    return new CodeFault('missing-export', message, { file, line: index + 1, column: at + 1 });
  }
  return new CodeFault('missing-export', message, { file, ...place });
}

function exportedNames(file: string, namesIn: NamesIn, visited = new Set<string>()): Set<string> {
  const { exported = new Map<string, Imported | null>(), starExports = [] } = namesIn(file) ?? {};
  visited.add(file);
  const own = [...exported.keys()].filter((name) => isExported(file, name, namesIn));
  const others = starExports.flatMap((request) => {
    const target = targetOf(file, request);
    if (target === undefined || visited.has(target)) return [];
    return [...exportedNames(target, namesIn, visited)];
  });
  return new Set([...own, ...others]);
}

function namesOf(module: Stripped): ModuleNames {
  const names: ModuleNames = { exported: new Map(), starExports: [], uses: [] };
  const body = parsed(module).body as Tree[];
  const imports = importsByVariable(body);
  const passedOn = new Set<Tree>();
  for (const { type, expression } of body) {
    if (type === 'ExpressionStatement') noteReExport(expression as Tree, imports, names, passedOn);
  }
  visit(parsed(module), undefined, (node) => {
    if (node.type !== 'MemberExpression' || node.computed || passedOn.has(node)) return;
    const [object, name] = [identifier(node.object), identifier(node.property)];
    if (object === undefined || name === undefined) return;
    const imported = imports.get(object);
    if (imported !== undefined) names.uses.push({ ...imported, name });
    if (object === 'exports' && !names.exported.has(name)) names.exported.set(name, null);
  });
  return names;
}

interface ImportLine {
  readonly request: string;
  readonly line: number;
}

/** The imports of a module, by the variables that hold them in the stripped code. */
function importsByVariable(body: readonly Tree[]): Map<string, ImportLine> {
  const imports = new Map<string, ImportLine>();
  for (const statement of body.filter(({ kind }) => kind === 'var')) {
    for (const { id, init, loc } of statement.declarations as Tree[]) {
      const request = requested(init as Tree | null);
      const helper = helperCall(init as Tree | null);
      let found = request === undefined ? undefined : { request, line: loc!.start.line };
      if (helper?.name === 'interopRequireDefault') {
        found = imports.get(identifier(helper.given[0]) ?? '');
      }
      const name = identifier(id);
      if (found && name !== undefined) imports.set(name, found);
    }
  }
  return imports;
}

/**
 * Notes `export { a } from`, `export * from`, and an export of something that was imported. None of
 * them is a use: what is passed on may be a type, of which the other file exports nothing.
 */
function noteReExport(
  expression: Tree,
  imports: ReadonlyMap<string, ImportLine>,
  { exported, starExports }: ModuleNames,
  passedOn: Set<Tree>,
): void {
  const helper = helperCall(expression);
  const from = helper && imports.get(identifier(helper.given[0]) ?? '');
  if (helper?.name === 'createStarExport' && from) starExports.push(from.request);
  if (helper?.name === 'createNamedExportFrom' && from) {
    const [own, name] = helper.given.slice(1).map(({ value }) => String(value));
    exported.set(own, { request: from.request, name });
  }
  if (expression.type !== 'AssignmentExpression') return;
  const [left, right] = [expression.left as Tree, expression.right as Tree];
  if (identifier(left.object) !== 'exports' || right.type !== 'MemberExpression') return;
  const imported = imports.get(identifier(right.object) ?? '');
  const [own, name] = [identifier(left.property), identifier(right.property)];
  if (imported === undefined || own === undefined || own === 'default' || !name) return;
  exported.set(own, { request: imported.request, name });
  passedOn.add(right);
}
