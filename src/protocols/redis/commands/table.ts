/** All commands that are modelled, and how a command finds its entry. */
import { error, notModelled, type Reply } from '../reply.ts';
import { blockingCommands } from './blocking.ts';
import type { Command, Commands } from './call.ts';
import { connectionCommands } from './connections.ts';
import { expiryCommands } from './expiry.ts';
import { hashCommands } from './hashes.ts';
import { keyCommands } from './keys.ts';
import { redisCommands } from './known.ts';
import { listCommands } from './lists.ts';
import { pubsubCommands } from './pubsub.ts';
import { scriptCommands } from './scripting.ts';
import { serverCommands } from './server.ts';
import { setCommands } from './sets.ts';
import { sortedSetCommands } from './sorted-sets.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';
import { zsetRangeCommands } from './zset-ranges.ts';

/** These run other commands, so execute.ts runs them. */
const executed: Command['run'] = () => {
  throw new Error('execute.ts runs EXEC and EVAL itself');
};
const executing: Commands = {
  exec: { arity: 1, writes: false, isNotForScripts: true, run: executed },
  ...Object.fromEntries(
    ['eval', 'evalsha', 'eval_ro', 'evalsha_ro'].map((name) => [
      name,
      { arity: -3, writes: false, isNotForScripts: true, run: executed },
    ]),
  ),
};

/** By area, as `lockstep list` shows them. */
export const commandGroups: Readonly<Record<string, Commands>> = {
  strings: stringCommands,
  'keys and expiry': { ...keyCommands, ...expiryCommands },
  hashes: hashCommands,
  lists: listCommands,
  sets: setCommands,
  'sorted sets': { ...sortedSetCommands, ...zsetRangeCommands },
  'blocking, and WAIT': blockingCommands,
  transactions: { ...transactionCommands, exec: executing.exec },
  scripts: {
    ...Object.fromEntries(Object.entries(executing).filter(([name]) => name !== 'exec')),
    ...scriptCommands,
  },
  'publish and subscribe': pubsubCommands,
  connections: connectionCommands,
  server: serverCommands,
};

export const commands: Commands = Object.assign({}, ...Object.values(commandGroups));

/** The commands with subcommands: `CLIENT ID`. */
const containers = new Set(
  [...redisCommands].filter((name) => name.includes('|')).map((name) => name.split('|')[0]),
);

export type Found =
  | { readonly type: 'found'; readonly name: string; readonly command: Command }
  | { readonly type: 'refused'; readonly reply: Reply };

const refused = (reply: Reply): Found => ({ type: 'refused', reply });

/** Finds a command by its name, and checks how many words it has. */
export function find(args: readonly string[]): Found {
  const first = (args[0] ?? '').toLowerCase();
  if (containers.has(first)) return findSubcommand(first, args);
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (command === undefined) {
    if (redisCommands.has(first)) return refused(notModelled(first.toUpperCase()));
    const beginning = args.slice(1).map((one) => `'${one}' `).join('');
    return refused(
      error(`unknown command '${args[0]}', with args beginning with: ${beginning}`),
    );
  }
  return fits(command, args) ? { type: 'found', name: first, command } : wrongCount(first);
}

function findSubcommand(container: string, args: readonly string[]): Found {
  if (args.length < 2) {
    return redisCommands.has(container) ? wrongCount(container) : refused(error('syntax error'));
  }
  const name = `${container}|${args[1].toLowerCase()}`;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    if (redisCommands.has(name)) {
      return refused(notModelled(name.replace('|', ' ').toUpperCase()));
    }
    // Some containers are commands, too: COMMAND lists all commands.
    const own = container.toUpperCase();
    return refused(error(`unknown subcommand '${args[1]}'. Try ${own} HELP.`));
  }
  return fits(command, args) ? { type: 'found', name, command } : wrongCount(name);
}

const wrongCount = (name: string): Found =>
  refused(error(`wrong number of arguments for '${name}' command`));

function fits({ arity }: Command, args: readonly string[]): boolean {
  return arity < 0 ? args.length >= -arity : args.length === arity;
}
