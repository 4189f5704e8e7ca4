// Collects the numbered steps of a sequence.
import type { Data, Step } from '../transcripts/adapter.ts';

type Args = { readonly [name: string]: Data | undefined };
type More = Omit<Step, 'n' | 'actor' | 'action' | 'args'>;

export class Steps {
  readonly list: Step[] = [];

  /** A step of a client or a server. An argument that is undefined is left out. */
  add(actor: string, action: string, args: Args = {}, more: More = {}): void {
    this.push({ actor, action, ...argsOf(args), ...more });
  }

  /** A step of the surroundings. */
  around(action: string, args: Args = {}, more: More = {}): void {
    this.push({ action, ...argsOf(args), ...more });
  }

  private push(step: Omit<Step, 'n'>): void {
    this.list.push({ n: this.list.length + 1, ...step });
  }
}

function argsOf(args: Args): { args?: { [name: string]: Data } } {
  const given = Object.entries(args).filter((entry): entry is [string, Data] => {
    return entry[1] !== undefined;
  });
  return given.length === 0 ? {} : { args: Object.fromEntries(given) };
}
