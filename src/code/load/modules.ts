/** Runs the modules of a protocol from their texts, each once, in the order of their imports. */
import { thrownText } from '../../kernel/data/thrown.ts';
import * as define from '../../protocol/define.ts';
import * as units from '../../protocol/units.ts';
import { CodeFault } from '../code-fault.ts';
import { keepConstants } from './constants.ts';
import { refusals } from './globals.ts';
import { importedFile, placeOfImport, wordsModule } from './imports.ts';
import { hooks } from '../transform/instrument.ts';
import { joined, folderOf, sourceNamed } from './paths.ts';
import type { Stripped } from '../transform/strip.ts';

export interface Origin {
  /** Built-in code may do anything; that of a workspace sees the language and `lockstep` alone. */
  readonly isBuiltIn: boolean;
}

/** What modules of the built-in protocols import, by the end of its path without extension. */
const builtInWords: Readonly<Record<string, unknown>> = {
  'protocol/define': define,
  'protocol/units': units,
  'protocol/types': {},
};

/** What stands before a file's name in call stacks. */
export const codeRoot = 'lockstep:/protocols/';

/** The name under which engines know a file: no blank may stand in it. */
export function sourceUrl(file: string): string {
  return codeRoot + encodeURI(file);
}

export interface Modules {
  readonly texts: ReadonlyMap<string, Stripped>;
  readonly origin: Origin;
}

/** What the entry exports; `edit` may put something into the code on the way, `hooks` is its. */
export function evaluate(
  { texts, origin }: Modules,
  entry: string,
  edit: (text: Stripped) => string = ({ code }) => code,
  hooks: object = {},
): Record<string, unknown> {
  const done = new Map<string, Record<string, unknown>>();
  const running = new Set<string>();
  const hidden = origin.isBuiltIn ? new Map<string, unknown>() : refusals();
  const load = (file: string): Record<string, unknown> => {
    const known = done.get(file);
    if (known) return running.has(file) && !origin.isBuiltIn ? unfinished(known, file) : known;
    const text = texts.get(file);
    if (text === undefined) throw new Error(`a protocol imports ${file}, which is not there`);
    const exports: Record<string, unknown> = {};
    done.set(file, exports);
    const required = (name: string) => {
      const words = origin.isBuiltIn ? builtInWord(name) : workspaceWord(name);
      return words ?? load(origin.isBuiltIn ? besides(file, name) : imported(text, name));
    };
    running.add(file);
    run(file, edit(text), hidden)(required, exports, hooks);
    running.delete(file);
    if (!origin.isBuiltIn) keepConstants([exports]);
    return exports;
  };
  /** Imports that lead back to a file whose own imports are still running. */
  const unfinished = (exports: Record<string, unknown>, file: string) =>
    new Proxy(exports, {
      get(target, name) {
        if (name === '__esModule') return true;
        if (typeof name === 'string' && running.has(file) && !Object.hasOwn(target, name)) {
          throw new Error(tooEarly(file, name));
        }
        return Reflect.get(target, name);
      },
    });
  return load(entry);
}

type Body = (required: unknown, exports: unknown, hooks: object) => void;

/** What stands before the code of a module, on its first line. */
function opening(names: Iterable<string>): string {
  return `(function(${[...names].join()}) {return function(require, exports, ${hooks}) {`;
}

/** How many columns of the first line are not the module's own. */
export function columnsBefore({ isBuiltIn }: Origin): number {
  return opening(isBuiltIn ? [] : refusals().keys()).length;
}

function run(file: string, code: string, hidden: ReadonlyMap<string, unknown>): Body {
  // Indirect, so that the code sees globals alone; on the first line, so that lines stay; a
  // function in a function, so that the code may give its own meaning to a name that is hidden.
  // oxlint-disable-next-line no-eval -- a protocol is code, and this is how its lines are known
  const evaluateText = eval;
  const whole = `${opening(hidden.keys())}${code}\n}})`;
  const make = evaluateText(`${whole}\n//# sourceURL=${sourceUrl(file)}`);
  return make(...hidden.values()) as Body;
}

function builtInWord(request: string): unknown {
  const name = request.replace(/\.ts$/, '');
  const word = Object.keys(builtInWords).find((one) => name.endsWith(one));
  return word && builtInWords[word];
}

function besides(file: string, request: string): string {
  return sourceNamed(joined(folderOf(file), request) ?? request);
}

const wordsOfProtocols: Readonly<Record<string, unknown>> = { ...define, ...units };

function workspaceWord(name: string): unknown {
  return name === wordsModule ? knownOnly(wordsOfProtocols, `'${wordsModule}'`) : undefined;
}

/** A name that is not there is told where it is used, not called as `undefined`. */
function knownOnly(exports: Readonly<Record<string, unknown>>, module: string): unknown {
  return new Proxy(exports, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name);
      if (name === '__esModule') return true;
      const there = Object.keys(target).join(', ');
      throw new Error(`${module} has no \`${name}\`: it has ${there}`);
    },
  });
}

function tooEarly(file: string, name: string): string {
  const why = `${file} imports this file, which therefore runs first`;
  return `\`${name}\` is not there yet: ${why}. Use it inside a function, or declare it here`;
}

function imported({ file, source }: Stripped, name: string): string {
  return importedFile(file, { name, ...placeOfImport(source, name) });
}

/** The fault of a module that threw, or could not be read, at its line. */
export function evaluationFault(error: unknown, entry: string, lineOf: LineOf): CodeFault {
  if (error instanceof CodeFault) return error;
  const message = thrownText(error);
  const place = (error instanceof Error && lineOf(error.stack ?? '')) || undefined;
  return new CodeFault(message, place?.file ?? entry, place?.line ?? 1, place?.column ?? 1);
}

type LineOf = (
  stack: string,
) => { readonly file: string; readonly line: number; readonly column: number } | undefined;
