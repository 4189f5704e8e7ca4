/** Copies a built-in protocol into files that an author can change: source, scenario and types. */
import { library } from '../protocols/library.ts';
import { fileOfProtocol, filesOf, protocolSources } from './built-in-sources.ts';
import { lockstepModule } from './load/imports.ts';

/** The files of a built-in protocol, as they are written into a folder. */
export interface Ejected {
  /** The file that exports the protocol, by its path in the folder. */
  readonly entry: string;
  /** The scenario that runs it, by its path in the folder. */
  readonly scenario: string;
  /** The text of each file by its path in the folder, the entry and the scenario among them. */
  readonly files: ReadonlyMap<string, string>;
  /** Of these, the file that an author may have changed, and that must be kept if it exists. */
  readonly project: string;
}

/**
 * Yields the path in `dist` of each file that ships and is needed; its caller passes back the text.
 * So one implementation serves the command line, which reads at once, and the editor, which waits.
 */
export type Ejecting = Generator<string, Ejected, string>;

/** Undefined if no built-in protocol has this name. */
export function eject(protocol: string): Ejecting | undefined {
  if (!library.some(({ name }) => name === protocol)) return undefined;
  const entry = fileOfProtocol(protocol);
  return entry === undefined ? undefined : ejecting(protocol, entry);
}

function* ejecting(protocol: string, entry: string): Ejecting {
  const files = new Map<string, string>();
  for (const file of filesOf(entry)) files.set(file, withOwnImports(protocolSources.get(file)!));
  const scenario = `${protocol}.scenario.yaml`;
  const example = yield `template/${scenario}`;
  files.set(scenario, example.replace(/^protocol:[ \t]*\S+/m, `protocol: ./${entry}`));
  files.set('lockstep.d.ts', yield 'types/lockstep.d.ts');
  files.set('tsconfig.json', yield 'template/tsconfig.json');
  return { entry, scenario, files, project: 'tsconfig.json' };
}

const apiImport = /^import (type )?\{([^}]*)\} from '(?:\.\.\/)+protocol\/\w+\.ts';\n/gm;
const lineLength = 100;

/** The source with one import from `lockstep` in place of those from files of the author API. */
function withOwnImports(source: string): string {
  const found = [...source.matchAll(apiImport)];
  if (found.length === 0) return source;
  const names = found.flatMap(([, type, list]) =>
    namesIn(list).map((name) => (type && !name.startsWith('type ') ? `type ${name}` : name)),
  );
  const plain = (name: string) => name.replace('type ', '').toLowerCase();
  names.sort((one, other) => (plain(one) < plain(other) ? -1 : 1));
  let isFirst = true;
  return source.replace(apiImport, () => {
    const text = isFirst ? importOf(names) : '';
    isFirst = false;
    return text;
  });
}

function namesIn(list: string): string[] {
  return list.split(',').map((name) => name.trim().replace(/\s+/g, ' ')).filter(Boolean);
}

function importOf(names: readonly string[]): string {
  const line = `import { ${names.join(', ')} } from '${lockstepModule}';\n`;
  if (line.length <= lineLength) return line;
  return `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${lockstepModule}';\n`;
}
