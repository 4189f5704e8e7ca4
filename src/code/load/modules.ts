/** Runs the modules of a protocol from their code, each once, in the order of their imports. */
import { thrownText } from '../../kernel/data/thrown.ts';
import { limitOf } from '../../kernel/text/execution-limits.ts';
import * as define from '../../protocol/define.ts';
import * as units from '../../protocol/units.ts';
import { sourceUrl } from '../call-stack.ts';
import { CodeFault, type CodeFaultCode, CodeRefusal, type SourcePlace } from '../code-fault.ts';
import { reworded } from '../limits/engine-errors.ts';
import { freezeConstants } from '../limits/frozen-constants.ts';
import { hiddenGlobals } from '../limits/hidden-globals.ts';
import { hooks } from '../transform/instrument.ts';
import type { Stripped } from '../transform/strip.ts';
import { bundledPatterns, patternsFile, patternsPath } from '../pattern-sources.ts';
import { importedFile, lockstepModule, placeOfImport } from './imports.ts';
import { folderOf, joined, sourceNamed } from './source-paths.ts';

export interface Modules {
  readonly files: ReadonlyMap<string, Stripped>;
  /** Built-in code sees every global; workspace code sees only the language and `lockstep`. */
  readonly isBuiltIn: boolean;
}

type Exports = Record<string, unknown>;

/** The author API as built-in protocols import it, by the end of the path without its extension. */
const builtInModules: Readonly<Record<string, unknown>> = {
  'protocol/define': define,
  'protocol/units': units,
  'protocol/types': {},
};

/** The same as workspace protocols import it: as one module. */
const authorApi: Readonly<Record<string, unknown>> = { ...define, ...units, ...bundledPatterns };

/**
 * Runs the entry and what it imports, and returns what the entry exports. `codeOf` may instrument
 * the code; `recorder` is the object that instrumented code calls.
 */
export function evaluate(
  { files, isBuiltIn }: Modules,
  entry: string,
  codeOf: (file: Stripped) => string = ({ code }) => code,
  recorder: object = {},
): Exports {
  const started = new Map<string, Exports>();
  const running = new Set<string>();
  const hidden = isBuiltIn ? new Map<string, unknown>() : hiddenGlobals();
  const load = (file: string): Exports => {
    const known = started.get(file);
    if (known) return running.has(file) && !isBuiltIn ? unfinished(known, file) : known;
    const module = files.get(file);
    if (module === undefined) throw new Error(`a protocol imports ${file}, which does not exist`);
    const exports: Exports = {};
    started.set(file, exports);
    const required = (name: string) => {
      if (isBuiltIn) return builtInModule(name) ?? load(fileBeside(file, name));
      if (name !== lockstepModule) return load(importOf(module, name));
      return refusingUnknown({ ...authorApi, ...(files.has(patternsFile) && load(patternsFile)) });
    };
    running.add(file);
    moduleBody(file, codeOf(module), hidden)(required, exports, recorder);
    running.delete(file);
    if (!isBuiltIn) freezeConstants([exports]);
    return exports;
  };
  /** The exports of a module in an import cycle, which has not finished. */
  const unfinished = (exports: Exports, file: string) =>
    new Proxy(exports, {
      get(target, name) {
        if (name === '__esModule') return true;
        if (typeof name === 'string' && running.has(file) && !Object.hasOwn(target, name)) {
          throw new CodeRefusal('import-cycle', notYetDefined(file, name));
        }
        return Reflect.get(target, name);
      },
    });
  return load(entry);
}

type Body = (required: unknown, exports: unknown, recorder: object) => void;

/** What is put before the code of a module, on its first line. */
function opening(hiddenNames: Iterable<string>): string {
  return `(function(${[...hiddenNames].join()}) {return function(require, exports, ${hooks}) {`;
}

/** How many columns of the first line of the code that runs are not the module's own. */
export function columnsBefore({ isBuiltIn }: Pick<Modules, 'isBuiltIn'>): number {
  return opening(isBuiltIn ? [] : hiddenGlobals().keys()).length;
}

/**
 * Makes a function of the code of a module.
 *
 * `eval` is called through a variable. A direct call would let the code read the local variables
 * of this function; an indirect one gives it globals alone.
 *
 * The opening stays on the first line of the code, so that every line in a call stack is a line of
 * the source. The comment at the end gives engines the name of the file.
 *
 * The code is in a function within a function. The hidden globals are parameters of the outer one,
 * so that the code may declare constants with their names, such as `const performance = 3`.
 * Declared beside a parameter of the same function, they would be a syntax error.
 */
function moduleBody(file: string, code: string, hidden: ReadonlyMap<string, unknown>): Body {
  // oxlint-disable-next-line no-eval -- the debugger runs protocols from the source that it shows
  const evaluateText = eval;
  const whole = `${opening(hidden.keys())}${code}\n}})`;
  const make = evaluateText(`${whole}\n//# sourceURL=${sourceUrl(file)}`);
  return make(...hidden.values()) as Body;
}

function builtInModule(request: string): unknown {
  const name = request.replace(/\.ts$/, '');
  const found = Object.keys(builtInModules).find((one) => name.endsWith(one));
  return found && builtInModules[found];
}

function fileBeside(file: string, request: string): string {
  if (request.endsWith(patternsPath)) return patternsFile;
  return sourceNamed(joined(folderOf(file), request) ?? request);
}

/**
 * The author API with a check of each name that is read. Without it, a misspelt name would be
 * `undefined`, and the error would be that `undefined` is not a function.
 */
function refusingUnknown(api: Readonly<Record<string, unknown>>): unknown {
  return new Proxy(api, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name);
      if (name === '__esModule') return true;
      const names = Object.keys(target).sort().join(', ');
      const message = `'${lockstepModule}' does not export \`${name}\`: it exports ${names}`;
      throw new CodeRefusal('missing-export', message);
    },
  });
}

function notYetDefined(file: string, name: string): string {
  const why = `${file} imports this file, so this file runs first`;
  return `\`${name}\` is not defined yet, because ${why}: use \`${name}\` inside a function only`;
}

function importOf({ file, source }: Stripped, name: string): string {
  return importedFile(file, { name, ...placeOfImport(source, name) });
}

/** The error that kept a protocol from being loaded, as a fault at the line that threw it. */
export function loadFault(
  thrown: unknown,
  entry: string,
  placeOf: (stack: string) => SourcePlace | undefined,
): CodeFault {
  if (thrown instanceof CodeFault) return thrown;
  const error = reworded(thrown);
  const place = error instanceof Error ? placeOf(error.stack ?? '') : undefined;
  return new CodeFault(codeOf(error), thrownText(error), place ?? { file: entry });
}

function codeOf(error: unknown): CodeFaultCode {
  if (error instanceof CodeRefusal) return error.code;
  const limit = limitOf(error);
  return limit === 'iteration-limit' || limit === 'call-depth-limit' ? limit : 'module-threw';
}
