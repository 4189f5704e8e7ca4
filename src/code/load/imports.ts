/** What the modules of a workspace import from each other, found in their syntax trees. */
import { CodeFault } from '../code-fault.ts';
import { helperCall, identifier, requested } from '../transform/generated.ts';
import { folderOf, joined, sourceNamed } from './paths.ts';
import type { Stripped } from '../transform/strip.ts';
import { parsed, type Tree, visit } from '../transform/syntax.ts';

/** What protocols import to have the words that they are written with. */
export const wordsModule = 'lockstep';

export interface Import {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** The modules of the workspace that a file needs when it runs; types alone need none. */
export function importsOf(text: Stripped): Import[] {
  const found: Import[] = [];
  visit(parsed(text), undefined, (node) => {
    const name = requested(node);
    if (name === undefined || name === wordsModule) return;
    found.push({ name, ...placeOfImport(text.source, name, node.loc!.start.line) });
  });
  return found;
}

/** Where the source names a module, from a line on: the import itself may begin above. */
export function placeOfImport(source: string, name: string, from = 1) {
  const lines = source.split('\n');
  for (let index = from - 1; index < lines.length; index++) {
    const at = Math.max(lines[index].indexOf(`'${name}'`), lines[index].indexOf(`"${name}"`));
    if (at >= 0) return { line: index + 1, column: at + 1 };
  }
  return { line: from, column: 1 };
}

/** The file of an import, from the root; refused where it is none of the workspace. */
export function importedFile(from: string, { name, line, column }: Import): string {
  const refuse = (message: string): never => {
    throw new CodeFault(message, from, line, column);
  };
  if (!/^\.\.?\//.test(name)) {
    const may = `a protocol imports '${wordsModule}' and files beside it, such as './messages.ts'`;
    refuse(`'${name}' cannot be imported: ${may}`);
  }
  if (name.endsWith('.json')) {
    const file = name.replace(/^.*\//, '').replace(/json$/, 'ts');
    refuse(`'${name}' cannot be imported: write what it holds as a constant of a file ${file}`);
  }
  if (/\.([mc][tj]s|[tj]sx)$/.test(name)) {
    refuse(`'${name}' cannot be imported: a protocol is made of files that end in .ts`);
  }
  const file = joined(folderOf(from), name);
  if (file === undefined) return refuse(`'${name}' is outside of the workspace`);
  return sourceNamed(file);
}

/** A name that a file has from another. */
interface Origin {
  readonly request: string;
  readonly name: string;
}

interface Use extends Origin {
  readonly line: number;
}

/** What one module gives, and what it takes. */
interface Names {
  /** Each with where it comes from, for what is only handed on. */
  readonly exported: Map<string, Origin | null>;
  /** The modules of which all is handed on. */
  readonly all: string[];
  readonly uses: Use[];
}

type Texts = ReadonlyMap<string, Stripped>;

/** Refuses names that are imported, used, and not there. */
export function checkImports(texts: Texts, files: Iterable<string>): void {
  const known = new Map<string, Names>();
  const namesIn = (file: string): Names | undefined => {
    const text = texts.get(file);
    if (text === undefined) return undefined;
    const names = known.get(file) ?? namesOf(text);
    known.set(file, names);
    return names;
  };
  for (const file of files) {
    for (const { request, name, line } of namesIn(file)?.uses ?? []) {
      const target = targetOf(file, request);
      const names = target === undefined ? undefined : namesIn(target);
      if (names === undefined || gives(target!, name, namesIn)) continue;
      throw missing(texts.get(file)!, { request, name, line }, target!, namesIn);
    }
  }
}

function targetOf(file: string, request: string): string | undefined {
  return request === wordsModule ? undefined : sourceNamed(joined(folderOf(file), request) ?? '');
}

type NamesIn = (file: string) => Names | undefined;

/** Whether a module exports a name, itself or on behalf of another. */
function gives(file: string, name: string, namesIn: NamesIn, asked = new Set<string>()): boolean {
  const key = `${file}\n${name}`;
  const names = namesIn(file);
  if (names === undefined) return true;
  if (asked.has(key)) return false;
  asked.add(key);
  const given = (request: string, wanted: string) => {
    const target = targetOf(file, request);
    return target === undefined || gives(target, wanted, namesIn, asked);
  };
  const origin = names.exported.get(name);
  if (origin === null) return true;
  if (origin !== undefined) return given(origin.request, origin.name);
  return name !== 'default' && names.all.some((request) => given(request, name));
}

function missing({ file, source }: Stripped, use: Use, target: string, namesIn: NamesIn) {
  const { request, name, line } = use;
  const there = [...allNames(target, namesIn)].filter((one) => one !== 'default');
  const has = there.length === 0 ? 'nothing that has a name' : there.join(', ');
  const lacks = name === 'default' ? 'has no default export' : `does not export \`${name}\``;
  const words = `${target} ${lacks}: it exports ${has}`;
  const lines = source.split('\n');
  const place = placeOfImport(source, request, line);
  let first = place.line;
  while (first > 1 && !/\b(import|export)\b/.test(lines[first - 1])) first--;
  for (let index = first - 1; name !== 'default' && index < place.line; index++) {
    const at = lines[index].search(new RegExp(`(?<![\\w$.'"/])${escaped(name)}(?![\\w$])`));
    if (at >= 0) return new CodeFault(words, file, index + 1, at + 1);
  }
  return new CodeFault(words, file, place.line, place.column);
}

function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}

function allNames(file: string, namesIn: NamesIn, asked = new Set<string>()): Set<string> {
  const { exported = new Map<string, Origin | null>(), all = [] } = namesIn(file) ?? {};
  asked.add(file);
  const own = [...exported.keys()].filter((name) => gives(file, name, namesIn));
  const others = all.flatMap((request) => {
    const target = targetOf(file, request);
    return target === undefined || asked.has(target) ? [] : [...allNames(target, namesIn, asked)];
  });
  return new Set([...own, ...others]);
}

function namesOf(text: Stripped): Names {
  const names: Names = { exported: new Map(), all: [], uses: [] };
  const body = parsed(text).body as Tree[];
  const modules = importedModules(body);
  const handedOn = new Set<Tree>();
  for (const { type, expression } of body) {
    if (type === 'ExpressionStatement') handOn(expression as Tree, modules, names, handedOn);
  }
  visit(parsed(text), undefined, (node) => {
    if (node.type !== 'MemberExpression' || node.computed || handedOn.has(node)) return;
    const [object, name] = [identifier(node.object), identifier(node.property)];
    if (object === undefined || name === undefined) return;
    const module = modules.get(object);
    if (module !== undefined) names.uses.push({ ...module, name });
    if (object === 'exports' && !names.exported.has(name)) names.exported.set(name, null);
  });
  return names;
}

interface Module {
  readonly request: string;
  readonly line: number;
}

/** The modules by the variables that stand for them. */
function importedModules(body: readonly Tree[]): Map<string, Module> {
  const modules = new Map<string, Module>();
  for (const one of body.filter(({ kind }) => kind === 'var')) {
    for (const { id, init, loc } of one.declarations as Tree[]) {
      const request = requested(init as Tree | null);
      const helped = helperCall(init as Tree | null);
      let module = request === undefined ? undefined : { request, line: loc!.start.line };
      if (helped?.name === 'interopRequireDefault') {
        module = modules.get(identifier(helped.given[0]) ?? '');
      }
      const name = identifier(id);
      if (module && name !== undefined) modules.set(name, module);
    }
  }
  return modules;
}

/** `export { a } from`, `export * from`, and what was imported to be exported: a type, perhaps. */
function handOn(
  expression: Tree,
  modules: ReadonlyMap<string, Module>,
  { exported, all }: Names,
  handedOn: Set<Tree>,
): void {
  const helped = helperCall(expression);
  const from = helped && modules.get(identifier(helped.given[0]) ?? '');
  if (helped?.name === 'createStarExport' && from) all.push(from.request);
  if (helped?.name === 'createNamedExportFrom' && from) {
    const [own, name] = helped.given.slice(1).map(({ value }) => String(value));
    exported.set(own, { request: from.request, name });
  }
  if (expression.type !== 'AssignmentExpression') return;
  const [left, right] = [expression.left as Tree, expression.right as Tree];
  if (identifier(left.object) !== 'exports' || right.type !== 'MemberExpression') return;
  const module = modules.get(identifier(right.object) ?? '');
  const [own, name] = [identifier(left.property), identifier(right.property)];
  if (module === undefined || own === undefined || own === 'default' || !name) return;
  exported.set(own, { request: module.request, name });
  handedOn.add(right);
}
