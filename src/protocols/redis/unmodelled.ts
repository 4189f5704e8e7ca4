/** What a command asks for that is not modelled, as far as its words show it. */
import { redisCommands } from './commands/known.ts';
import { modelledSettings } from './commands/server.ts';
import { commandGroups, commands, find } from './commands/table.ts';
import { errorOf, isNotModelled, notModelled } from './reply.ts';
import { wordsOf } from './command-line.ts';

/** For `lockstep check`: why a command is refused, for what it or its script has or lacks. */
export function unmodelledIn(command: string): string | undefined {
  const words = wordsOf(command);
  if (words === undefined) {
    return 'a quote of the command is not closed, or something follows a closing quote: ' +
      'redis-cli says `Invalid argument(s)`';
  }
  if (words.length === 0) return 'the command is empty: write one as for redis-cli';
  const found = find(words);
  const refusal = found.type === 'refused' ? (errorOf(found.reply) ?? '') : '';
  if (isNotModelled(refusal)) return refusal;
  if (found.type !== 'found') return undefined;
  if (/^eval(_ro)?$/.test(found.name)) return unmodelledInScript(words[1]);
  return found.name === 'script|load' ? unmodelledInScript(words[2]) : undefined;
}

/** Libraries and functions that `lua` refuses when they are called. */
const refused = /\b(?:bit|cmsgpack|struct)\.\w+|\bmath\.random\b|\bredis\.(?:setresp|set_repl)\b/;

function unmodelledInScript(source: string): string | undefined {
  for (const [, name] of source.matchAll(/\bredis\.p?call\s*\(?\s*["']([\w]+)["']/g)) {
    const lower = name.toLowerCase();
    const hasSubcommands = Object.keys(commands).some((one) => one.startsWith(`${lower}|`));
    const isModelled = Object.hasOwn(commands, lower) || hasSubcommands;
    if (!isModelled && redisCommands.has(lower)) {
      return errorOf(notModelled(`${name.toUpperCase()} in scripts`));
    }
  }
  const used = refused.exec(source)?.[0];
  return used === undefined ? undefined : errorOf(notModelled(`${used} in scripts`));
}

/** What is modelled, by area: for `lockstep list`. */
export const modelled: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(commandGroups).map(([area, group]) => [
      area,
      Object.keys(group).map((name) => name.replace('|', ' ').toUpperCase()).join(', '),
    ]),
  ),
  settings: modelledSettings.join(', '),
  'in scripts':
    'Lua 5.1 without metatables and coroutines; string, table, math (not random), cjson; ' +
    'redis.call, pcall, error_reply, status_reply, sha1hex, log',
};
