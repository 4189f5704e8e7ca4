/** The command language: one command a line, the same in files, consoles and traces. */
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
import { readFire, readMessageFault } from './messages.ts';
import { readOperation } from './operation.ts';
import { readWait } from './wait.ts';
import type { Fault } from '../problem.ts';
import { type CommandContext, CommandReader } from '../parse/reader.ts';
import { didYouMean } from '../suggest.ts';
import { commentStart, conditionEnd, tokenize } from './tokens.ts';

export type { CommandContext } from '../parse/reader.ts';

export type ParsedCommand =
  { readonly placement?: Placement; readonly command: Command } | { readonly fault: Fault };

type Verb = (reader: CommandReader, verb: string) => Command | undefined;

const verbs: Readonly<Record<string, Verb>> = {
  start: (reader) => readOperation(reader, false),
  crash: readCrash,
  restart: readCrash,
  resume: readCrash,
  pause: readPause,
  partition: readPartition,
  cut: readCut,
  heal: readHeal,
  clock: readClock,
  network: readNetwork,
  drop: readMessageFault,
  duplicate: readMessageFault,
  delay: readMessageFault,
  deliver: readMessageFault,
  fire: readFire,
  wait: readWait,
};

/** Words that begin a command or stand inside one, so that no node can be named so. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...Object.keys(verbs),
  ...['at', 'after', 'when', 'the', 'for', 'on', 'until', 'within', 'where', 'answered', 'done'],
  ...['nodes', 'time', 'event', 'message', 'node', 'state'],
]);

/** How each command is written, for messages and help. */
export const commandForms: readonly (readonly [string, string])[] = [
  [
    'NODE OPERATION ARGUMENT… [answers VALUE | fails] [within 5s]',
    'asks for an operation and waits for its answer',
  ],
  ['start NODE OPERATION ARGUMENT…', 'asks for an operation and goes on'],
  ['crash NODE…', 'ends processes: what is not on disk is gone'],
  ['restart NODE…', 'boots them again from what is on disk'],
  ['pause NODE… [for 15s]', 'stops processes: messages and timers wait'],
  ['resume NODE…', 'lets paused processes go on'],
  ['partition NODE… | NODE… [for 2s]', 'cuts the links between the groups, both ways'],
  ['cut NODE… -> NODE… [for 2s]', 'cuts links one way'],
  ['heal [NODE… -> NODE…]', 'mends the links named, else all'],
  ['clock NODE [offset +5ms] [jump -1s] [drift 200ppm]', 'sets, moves or speeds up a wall clock'],
  [
    'network [latency=1ms..5ms] [loss=5%] [duplicate=1%] [reorder=true] [delay=10ms] [on A… -> B…]',
    'changes the network',
  ],
  [
    'drop|duplicate|deliver NODE->NODE [MESSAGE]',
    'takes the next such message: in flight, else the next one sent',
  ],
  ['delay NODE->NODE [MESSAGE] by 50ms', 'makes the next such message later'],
  ['fire NODE TIMER', 'lets a timer run out now'],
  ['wait 2s', 'lets time pass'],
  ['wait until EVENT [at NODE] [where CEL] [within 60s]', 'waits for an event'],
  ['wait until CEL [within 60s]', 'waits for a condition'],
  [
    'wait until NODE answered [NODE] [within 60s]',
    'waits for the answer to all operations of a node, or to a node',
  ],
  ['at 2s COMMAND', 'does it at a moment of the run'],
  ['after EVENT [at NODE] [where CEL]: COMMAND', 'does it when the event is reported'],
  ['when CEL: COMMAND', 'does it when the condition holds'],
];

/** What a line asks for, or the first fault in it. Never throws, whatever the text. */
export function parseCommand(text: string, context: CommandContext): ParsedCommand {
  const { tokens, unclosed } = tokenize(text.slice(0, commentStart(text)));
  if (unclosed !== undefined) {
    return { fault: { message: 'this quote is not closed', start: unclosed, end: text.length } };
  }
  if (tokens.length === 0) {
    return { fault: { message: 'a command is expected', start: 0, end: text.length } };
  }
  const reader = new CommandReader(text, tokens, context);
  const placement = readPlacement(reader);
  const command = reader.fault === undefined ? readCommand(reader) : undefined;
  if (reader.fault !== undefined) return { fault: reader.fault };
  if (command === undefined) throw new Error(`neither a command nor a fault: ${text}`);
  return placement === undefined ? { command } : { placement, command };
}

function readCommand(reader: CommandReader): Command | undefined {
  const token = reader.next;
  if (token === undefined) return reader.fail('a command is expected here', token);
  const isNode =
    token.text === 'the' || reader.context.nodes.some((node) => node.id === token.text);
  if (isNode) return readOperation(reader, true);
  const verb = Object.hasOwn(verbs, token.text) ? verbs[token.text] : undefined;
  if (verb !== undefined) {
    reader.take();
    return verb(reader, token.text);
  }
  const ids = reader.context.nodes.map((node) => node.id);
  const known = [...Object.keys(verbs), 'at', 'after', 'when', ...ids];
  const message = `\`${token.text}\` is neither a command nor a node`;
  return reader.fail(
    message,
    token,
    didYouMean(token.text, known) ?? `commands are ${Object.keys(verbs).join(', ')}`,
  );
}

/** `at 2s`, `after EVENT …` or `when CEL:`, where the line begins so. */
function readPlacement(reader: CommandReader): Placement | undefined {
  const token = reader.next;
  if (token?.text === 'at') return readMoment(reader);
  if (token?.text === 'after') {
    reader.take();
    const colon = conditionEnd(reader.text, reader.position);
    if (colon < 0 && reader.tokens.some(({ text }) => text === 'where')) {
      const hint = 'write `after EVENT where CONDITION: COMMAND`';
      return reader.fail(
        'after the condition a `:` is expected, and then the command',
        undefined,
        hint,
      );
    }
    const event = reader.readEvent(colon < 0 ? reader.end : colon);
    if (event === undefined) return undefined;
    skipColon(reader);
    return { type: 'after', event };
  }
  if (token?.text !== 'when') return undefined;
  reader.take();
  const colon = conditionEnd(reader.text, reader.position);
  if (colon < 0) {
    const hint = 'write `when CONDITION: COMMAND`';
    return reader.fail(
      'after the condition a `:` is expected, and then the command',
      undefined,
      hint,
    );
  }
  const condition = reader.readCondition(colon, []);
  skipColon(reader);
  return condition && { type: 'when', condition };
}

function readMoment(reader: CommandReader): Placement | undefined {
  reader.take();
  const token = reader.next;
  const moment = reader.readDuration('2s');
  if (moment === undefined) return undefined;
  if (moment < 0) return reader.fail('a run begins at 0s', token);
  skipColon(reader);
  return { type: 'at', moment };
}

/** Between a placement and its command a colon may stand; behind a condition it must. */
function skipColon(reader: CommandReader): void {
  reader.takes(':');
}
