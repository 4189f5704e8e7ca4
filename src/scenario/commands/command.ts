/** The command language of scenario files and of the debug console: one command a line. */
import type { Placement, Command } from '../scenario.ts';
import {
  readClock,
  readCrash,
  readCut,
  readHeal,
  readNetwork,
  readPartition,
  readPause,
} from './faults.ts';
import { readAdd } from './add.ts';
import { readDisk } from './disk.ts';
import { readPlug, readPower, readRepeated, readReset, readUnplug } from './hosts.ts';
import { readFire, readMessageFault } from './messages.ts';
import { readNemesis } from './nemesis.ts';
import { readOperation } from './operation.ts';
import { readRepeat } from './repeat.ts';
import { readWait } from './wait.ts';
import type { Fault, Mistake } from '../problem.ts';
import { type CommandContext, CommandReader } from './reader.ts';
import { didYouMean, useOneOf } from '../suggest.ts';
import { commentStart, conditionEnd, openQuote, tokenize } from './tokens.ts';

export type { CommandContext } from './reader.ts';

export type ParsedCommand =
  { readonly placement?: Placement; readonly command: Command } | { readonly fault: Fault };

type Verb = (reader: CommandReader, verb: string) => Command | undefined;

const verbs: Readonly<Record<string, Verb>> = {
  start: (reader) =>
    reader.takes('repeat') ? readRepeat(reader, false) : readOperation(reader, false),
  repeat: (reader) => readRepeat(reader, true),
  nemesis: readNemesis,
  add: (reader) => readAdd(reader, reservedWords),
  crash: readCrash,
  restart: readCrash,
  resume: readCrash,
  pause: readPause,
  power: readPower,
  unplug: readUnplug,
  plug: readPlug,
  reset: readReset,
  retransmit: readRepeated,
  probe: readRepeated,
  partition: readPartition,
  cut: readCut,
  heal: readHeal,
  disk: readDisk,
  clock: readClock,
  network: readNetwork,
  drop: readMessageFault,
  duplicate: readMessageFault,
  delay: readMessageFault,
  deliver: readMessageFault,
  fire: readFire,
  wait: readWait,
};

/** Words of the command language and names in expressions, which no node may have. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...Object.keys(verbs),
  ...['at', 'after', 'when', 'the', 'for', 'on', 'until', 'within', 'where', 'answered', 'done'],
  ...['nodes', 'time', 'event', 'message', 'node', 'state'],
]);

/** How each command is written and what it does, for messages and help. */
export const commandForms: readonly (readonly [string, string])[] = [
  [
    'NODE OPERATION ARGUMENT… [answers VALUE | fails] [within 5s]',
    'invokes an operation and waits for its answer',
  ],
  ['start NODE OPERATION ARGUMENT…', 'invokes an operation and does not wait'],
  [
    '[start] repeat [200 times] [for 30s] every 10ms..50ms [within 5s]: NODE… OPERATION ' +
      'ARGUMENT… [| OPERATION ARGUMENT…]…',
    'lets each client invoke one of the operations again and again, at that rate, each after the ' +
      'answer to the one before, or after `within`. In an argument, `k1..k3` and `1..100` stand ' +
      'for one of these, drawn from the seed, and `new` for a number that was not used before. ' +
      '`start` does not wait for the end',
  ],
  [
    'nemesis: crash | partition | pause | clock every 1s..3s [for 30s] [on NODE…]',
    'begins one of the faults, drawn from the seed, and ends it, in turn, while the next steps ' +
      'run. It ends after that time, or once the `repeat` after it has invoked its last ' +
      'operation, and then restores everything. It affects the nodes that are not clients of a ' +
      '`repeat`, or the named ones',
  ],
  ['crash NODE…', 'ends processes: only what is on disk survives'],
  ['restart NODE…', 'starts processes that are crashed or down, from what is on disk'],
  ['add NODE[: ROLE]', 'adds a node to the cluster and boots it, if its role allows that'],
  ['pause NODE… [for 15s]', 'pauses processes: their messages and timers wait'],
  ['resume NODE…', 'resumes paused processes'],
  [
    'power off NODE… [for 5s]',
    'ends processes without a word to their peers: the host is lost. `restart` powers it on',
  ],
  ['unplug NODE… [for 5s]', 'takes hosts off the network: their processes go on'],
  ['plug in NODE…', 'puts hosts back on the network'],
  ['reset NODE - NODE', 'resets the connections between two nodes: both get an RST'],
  ['retransmit NODE CONNECTION', 'lets a host send again now what did not arrive'],
  ['probe NODE CONNECTION', 'lets a host send a keep-alive probe now'],
  ['partition NODE… | NODE… [for 2s]', 'cuts the links between the groups, both ways'],
  ['cut NODE… -> NODE… [for 2s]', 'cuts links one way'],
  ['heal [NODE… -> NODE…]', 'restores the given links, or all links'],
  [
    'disk NODE stall [for 5s]',
    'lets no fsync end: what a handler sends after its write waits, other handlers go on',
  ],
  ['disk NODE slow 20ms', 'makes each fsync take this long'],
  ['disk NODE ok', 'ends both'],
  ['disk NODE synced', 'lets the oldest write reach the disk now'],
  [
    'clock NODE [offset +5ms] [jump -1s] [drift 200ppm]',
    'sets a wall clock, moves it, or changes its rate',
  ],
  [
    'network [latency=1ms..5ms] [loss=5%] [duplicate=1%] [reorder=true] [delay=10ms] [on A… -> B…]',
    'changes how messages travel',
  ],
  [
    'drop|duplicate|deliver NODE->NODE [MESSAGE]',
    'acts on the next such message: one in flight, or else the next one sent',
  ],
  ['delay NODE->NODE [MESSAGE] by 50ms', 'delays the next such message'],
  ['fire NODE TIMER', 'fires a timer now'],
  ['wait 2s', 'lets time pass'],
  ['wait until EVENT [at NODE] [where CEL] [within 60s]', 'waits for an event'],
  ['wait until CEL [within 60s]', 'waits for a condition'],
  [
    'wait until NODE answered [NODE] [within 60s]',
    'waits until all operations of a node are answered, or until one node answers another',
  ],
  ['at 2s COMMAND', 'runs the command at this virtual time'],
  ['after EVENT [at NODE] [where CEL]: COMMAND', 'runs the command when the event is reported'],
  ['when CEL: COMMAND', 'runs the command when the condition holds'],
];

/** What only the debug console reads, besides the commands that act at once. */
export const consoleForms: readonly (readonly [string, string])[] = [
  [
    'before EVENT EVENT',
    'says whether one event happened before another, through which chain of messages, or that ' +
      'they are concurrent. EVENT is a step such as 12, n1:LeaderElected (the last one so far), ' +
      'n1:LeaderElected#2 (the second), or n1:start',
  ],
  ['leave branch', 'goes back to where this branch parted from its run'],
  ['branches', 'lists the runs of this session: where each parted, and what differs in it'],
  ['branch 2', 'goes to branch 2, at the same step if it has that; 0 is the first run'],
  ['name branch 2 NAME', 'gives a branch a name; without NAME, takes its name away'],
  ['delete branch 2', 'deletes a branch and those that parted from it'],
];

const noCommand: Mistake = { code: 'expected-command', message: 'expected a command' };

/** What a line means, or the first fault in it. Never throws, whatever the line holds. */
export function parseCommand(text: string, context: CommandContext): ParsedCommand {
  const { tokens, unclosed } = tokenize(text.slice(0, commentStart(text)));
  if (unclosed !== undefined) return { fault: openQuote(unclosed, text.length) };
  if (tokens.length === 0) return { fault: { ...noCommand, start: 0, end: text.length } };
  const reader = new CommandReader(text, tokens, context);
  const placement = readPlacement(reader);
  const command = reader.fault === undefined ? readCommand(reader) : undefined;
  if (reader.fault !== undefined) return { fault: reader.fault };
  if (command === undefined) throw new Error(`neither a command nor a fault: ${text}`);
  return placement === undefined ? { command } : { placement, command };
}

/** What an expectation begins with, where a command was expected. */
const expectationWords: ReadonlySet<string> = new Set([
  'history', 'event', 'no', 'throws', 'always', 'never', 'eventually', 'end',
]);

function readCommand(reader: CommandReader): Command | undefined {
  const token = reader.next;
  if (token === undefined) return reader.fail(noCommand, token);
  const ids = reader.nodeIds;
  if (token.text === 'the' || ids.includes(token.text)) return readOperation(reader, true);
  const verb = Object.hasOwn(verbs, token.text) ? verbs[token.text] : undefined;
  if (verb !== undefined) {
    reader.take();
    return verb(reader, token.text);
  }
  const words = Object.keys(verbs);
  const message = `\`${token.text}\` is neither a command nor a node`;
  const hint = expectationWords.has(token.text)
    ? 'write expectations under `expect`'
    : didYouMean(token.text, [...words, 'at', 'after', 'when', ...ids]);
  return reader.fail({ code: 'unknown-command', message, hint: hint ?? useOneOf(words) }, token);
}

/** `at 2s`, `after EVENT …` or `when CEL:`, if the line begins with one. */
function readPlacement(reader: CommandReader): Placement | undefined {
  const token = reader.next;
  if (token?.text === 'at') return readAt(reader);
  if (token?.text === 'after') return readAfter(reader);
  if (token?.text !== 'when') return undefined;
  reader.take();
  const colon = conditionEnd(reader.text, reader.position);
  if (colon < 0) return failForColon(reader, 'when CONDITION: COMMAND');
  const condition = reader.readCondition(colon, []);
  reader.takes(':');
  return condition && { type: 'when', condition };
}

function readAt(reader: CommandReader): Placement | undefined {
  reader.take();
  const time = reader.readSpan('2s');
  // The colon may be left out, as it may after an event.
  reader.takes(':');
  return time === undefined ? undefined : { type: 'at', time };
}

function readAfter(reader: CommandReader): Placement | undefined {
  reader.take();
  const colon = conditionEnd(reader.text, reader.position);
  // Without its colon a condition would include the command.
  if (colon < 0 && reader.tokens.some(({ text }) => text === 'where')) {
    return failForColon(reader, 'after EVENT where CONDITION: COMMAND');
  }
  const event = reader.readEvent(colon < 0 ? reader.end : colon);
  if (event === undefined) return undefined;
  reader.takes(':');
  return { type: 'after', event };
}

function failForColon(reader: CommandReader, form: string): undefined {
  const message = 'expected `:` and a command after the condition';
  return reader.fail({ code: 'expected-colon', message, hint: `write \`${form}\`` }, undefined);
}
