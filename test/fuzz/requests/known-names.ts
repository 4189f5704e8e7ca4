/** What the adapter has named so far, which later requests refer to as `"@frame:2"`. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { programPath } from '../programs.ts';

/** A number that no adapter ever gives. */
const bogus = 471_100;

type Promising = Pick<
  DebugProtocol.Variable,
  'variablesReference' | 'namedVariables' | 'indexedVariables'
>;

export class KnownNames {
  private readonly promised = new Map<number, number>();
  /** The newest last: references are counted from the end. */
  private readonly lists: Record<string, unknown[]> = {
    frame: [],
    var: [],
    thread: [1, 2, 3],
    stepTarget: [],
    gotoTarget: [],
    data: [],
    source: [],
    ref: [],
  };

  /** Notes the names in a successful response. */
  note(command: string, body: unknown): void {
    const lists = (body ?? {}) as Record<string, unknown>;
    const numbers = (list: unknown, key: string) =>
      ((list ?? []) as Record<string, unknown>[]).map((one) => one[key]).filter((one) => one);
    if (command === 'stackTrace') {
      const frames = lists.stackFrames as DebugProtocol.StackFrame[];
      this.add('frame', [...frames].reverse().map(({ id }) => id));
      this.addSources(frames.flatMap(({ source }) => source ?? []));
    }
    if (command === 'scopes') this.add('var', numbers(lists.scopes, 'variablesReference'));
    if (command === 'variables') this.add('var', numbers(lists.variables, 'variablesReference'));
    if (command === 'evaluate' && lists.variablesReference) {
      this.add('var', [lists.variablesReference]);
      this.promise([lists as unknown as Promising]);
    }
    if (command === 'scopes') this.promise(lists.scopes as Promising[]);
    if (command === 'variables') this.promise(lists.variables as Promising[]);
    if (command === 'threads') this.lists.thread = numbers(lists.threads, 'id').reverse();
    if (command === 'stepInTargets') this.add('stepTarget', numbers(lists.targets, 'id'));
    if (command === 'gotoTargets') this.add('gotoTarget', numbers(lists.targets, 'id'));
    if (command === 'dataBreakpointInfo' && lists.dataId) this.add('data', [lists.dataId]);
    if (command === 'loadedSources') this.addSources(lists.sources as DebugProtocol.Source[]);
  }

  private promise(rows: readonly Promising[]): void {
    for (const { variablesReference, namedVariables = 0, indexedVariables = 0 } of rows) {
      const count = namedVariables + indexedVariables;
      if (variablesReference > 0 && count > 0) this.promised.set(variablesReference, count);
    }
  }

  /** How many rows a reference is said to have; undefined if nothing was said. */
  rowsOf(reference: unknown): number | undefined {
    return this.promised.get(reference as number);
  }

  /** The program of a launch is a source from the start. */
  launched(program: string): void {
    this.addSources([{ path: program }]);
  }

  hasOffered(dataId: string): boolean {
    return this.lists.data.includes(dataId);
  }

  private add(name: string, found: readonly unknown[]): void {
    this.lists[name] = [...this.lists[name], ...found].slice(-40);
  }

  private addSources(sources: readonly DebugProtocol.Source[]): void {
    this.add('source', sources);
    this.add('ref', sources.flatMap(({ sourceReference }) => sourceReference || []));
  }

  /** The arguments with every reference replaced by what it stands for. */
  resolved(value: unknown): unknown {
    if (typeof value === 'string') return this.meaning(value);
    if (Array.isArray(value)) return value.map((part) => this.resolved(part));
    if (typeof value !== 'object' || value === null) return value;
    const made = {};
    for (const [key, part] of Object.entries(value)) {
      const found = this.resolved(part);
      Object.defineProperty(made, key, { value: found, enumerable: true, writable: true });
    }
    return made;
  }

  private meaning(text: string): unknown {
    const match = /^@([A-Za-z]+):(\w+)$/.exec(text);
    if (!match) return text;
    const [, kind, name] = match;
    if (kind === 'program') return programPath(name);
    const list = this.lists[kind];
    if (list === undefined) return text;
    const found = list.at(-1 - Number(name));
    if (found !== undefined) return found;
    if (kind === 'source') return { path: programPath('write') };
    return kind === 'data' ? '["n1","currentTerm"]' : bogus;
  }
}
