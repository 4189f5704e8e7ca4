/** Instruments all modules of a protocol, and runs them. */
import { sourceUrl } from '../call-stack.ts';
import type { PlaceOf } from '../limits/guarded-protocol.ts';
import { evaluate, type Modules } from '../load/modules.ts';
import { Instrumented, type Wanted } from '../transform/instrument.ts';
import { fieldNames } from '../transform/reads.ts';
import type { Recorder } from './recorder.ts';

/** The modules of a workspace protocol as they run normally: counted, but not recorded. */
export function countedModules(modules: Modules) {
  const instrumented = instrumentedModules(modules, { sites: new Set(), counts: true });
  const names = [...modules.files.keys()];
  return {
    columnOf: (file: string) => instrumented[names.indexOf(file)],
    placeOf: placesIn(modules, instrumented),
    reportsWrites: instrumented.every(({ reportsWrites }) => reportsWrites),
    evaluate(entry: string, recorder: Recorder): Record<string, unknown> {
      return evaluateInstrumented(modules, entry, instrumented, recorder);
    },
  };
}

/**
 * Instruments the modules in their order; sites and functions are numbered through all of them.
 * `bare` has the same modules without sites: a module in which no site is wanted is taken from it.
 */
export function instrumentedModules(
  { files }: Modules,
  wanted: Wanted,
  bare?: readonly Instrumented[],
): Instrumented[] {
  let sites = 0;
  let functions = 0;
  const all = [...files.values()];
  const own = wanted.counts ? { ...wanted, fields: fieldsIn(files) } : wanted;
  return all.map((file, index) => {
    const known = bare?.[index];
    const isBare = known && !wantsAny(wanted, sites, sites + known.sites.length);
    const instrumented = isBare ? known : new Instrumented(file, own, sites, functions);
    sites += instrumented.sites.length;
    functions += instrumented.functions.length;
    return instrumented;
  });
}

const fieldsOfModules = new WeakMap<Modules['files'], { size: number; names: Set<string> }>();

/** The names of fields in all modules, which are the same for all variants of them. */
function fieldsIn(files: Modules['files']): ReadonlySet<string> {
  const known = fieldsOfModules.get(files);
  if (known?.size === files.size) return known.names;
  const names = new Set([...files.values()].flatMap((file) => [...fieldNames(file)]));
  fieldsOfModules.set(files, { size: files.size, names });
  return names;
}

/** Whether a site from `first` to before `end` is wanted. */
function wantsAny({ sites }: Wanted, first: number, end: number): boolean {
  if (sites === 'all') return true;
  for (const site of sites) if (site >= first && site < end) return true;
  return false;
}

/** Runs the entry with instrumented code in place of the plain, and returns what it exports. */
export function evaluateInstrumented(
  modules: Modules,
  entry: string,
  instrumented: readonly Instrumented[],
  recorder: Recorder,
): Record<string, unknown> {
  const codes = new Map([...modules.files.keys()].map((file, i) => [file, instrumented[i].code]));
  return evaluate(modules, entry, ({ file }) => codes.get(file)!, recorder);
}

/** Finds a function by its text, which engines keep, in the code of the modules. */
export function placesIn({ files }: Modules, instrumented: readonly Instrumented[]): PlaceOf {
  const names = [...files.keys()];
  return (code, words) => {
    const text = Function.prototype.toString.call(code);
    const index = instrumented.findIndex((file) => file.code.includes(text));
    if (index < 0) return undefined;
    const found = words.map((word) => text.search(wholeWord(word)));
    const within = found.find((at) => at >= 0) ?? 0;
    const at = instrumented[index].code.indexOf(text) + within;
    const line = instrumented[index].code.slice(0, at).split('\n').length;
    return `${sourceUrl(names[index])}:${line}:1`;
  };
}

function wholeWord(word: string): RegExp {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`);
}
