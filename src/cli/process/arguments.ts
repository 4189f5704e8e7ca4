/** The arguments of a command: Node splits them, and what is wrong is said as elsewhere. */
import { parseArgs } from 'node:util';
import { didYouMean } from '../../scenario/suggest.ts';
import type { Values } from '../options.ts';

export type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

export type Arguments =
  | { readonly files: string[]; readonly values: Values }
  | { readonly problem: string };

/**
 * A value may be a negative number: then the command says what it expects. Any other value that
 * begins with a dash is rather the next option, and the value was forgotten.
 */
export function readArguments(args: readonly string[], options: Options): Arguments {
  const { tokens } = parseArgs({
    args: [...args], options, allowPositionals: true, strict: false, tokens: true,
  });
  const files: string[] = [];
  const values: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(options, name)) return { problem: unknown(rawName, options) };
    if (Object.hasOwn(values, name)) return { problem: `--${name} is given twice: give it once` };
    if (options[name].type === 'boolean') {
      if (value !== undefined) {
        return { problem: `${rawName} takes no value: leave out \`=${value}\`` };
      }
      values[name] = true;
      continue;
    }
    const isForgotten = value === undefined || (inlineValue === false && /^-[^\d]/.test(value));
    if (isForgotten) return { problem: `${rawName} needs a value: \`${rawName} VALUE\`` };
    values[name] = value;
  }
  return { files, values };
}

function unknown(rawName: string, options: Options): string {
  const names = Object.keys(options).map((name) => `--${name}`);
  const hint = didYouMean(rawName, names);
  return `there is no option \`${rawName}\`${hint ? ` (${hint})` : ''}`;
}
