/** Client operations as commands: `client put x 1`, `A lock order42 ttl=10s`. */
import { parseDuration } from '../../kernel/text/duration.ts';
import type { Json, Micros, Operation, ParameterKind, Role } from '../../protocol/types.ts';
import { type CommandReader, parseTruth } from '../parse/reader.ts';
import type { Answer, Command, NodeSelector } from '../scenario.ts';
import { didYouMean, oneOf } from '../suggest.ts';
import { isQuoted, type Token, unquoted } from './tokens.ts';

/** How long an operation or a wait may last, where the line does not say. */
export const withinDefault: Micros = 60_000_000;

/** `NODE OPERATION ARGUMENT… [answers VALUE | fails] [within 5s]` */
export function readOperation(reader: CommandReader, waits: boolean): Command | undefined {
  const node = reader.readNode();
  if (node === undefined) return undefined;
  const token = reader.take();
  const operations = operationsOf(reader, node);
  const names = Object.keys(operations);
  if (token === undefined) return reader.fail(operationExpected(node, names), token);
  if (!Object.hasOwn(operations, token.text)) {
    const message = `\`${nodeText(node)}\` has no operation \`${token.text}\``;
    const known = names.length > 0 ? `it has ${oneOf(names)}` : 'nodes of its role have none';
    return reader.fail(message, token, didYouMean(token.text, names) ?? known);
  }
  const words: Token[] = [];
  for (let word = reader.take(); word !== undefined; word = reader.take()) words.push(word);
  const ending = readEnding(reader, words, waits);
  if (ending === undefined) return undefined;
  const args = readArguments(reader, token.text, operations[token.text], words);
  if (args === undefined) return undefined;
  return { type: 'invoke', node, operation: token.text, args, waits, ...ending };
}

function operationExpected(node: NodeSelector, names: readonly string[]): string {
  if (names.length === 0)
    return `\`${nodeText(node)}\` has no operations that a client could ask for`;
  return `an operation is expected: ${oneOf(names)}`;
}

function nodeText(node: NodeSelector): string {
  return typeof node === 'string' ? node : `the ${node.standing}`;
}

function operationsOf(reader: CommandReader, node: NodeSelector): Record<string, Operation<any>> {
  const { nodes, protocol } = reader.context;
  const roles: Role[] =
    typeof node === 'string'
      ? [protocol.roles[nodes.find(({ id }) => id === node)!.role]]
      : Object.values(protocol.roles);
  return Object.assign({}, ...roles.map((role) => role.operations ?? {}));
}

interface Ending {
  within: Micros;
  answer?: Answer;
}

/** Takes `answers VALUE`, `fails` and `within 5s` off the end of the words. */
function readEnding(reader: CommandReader, words: Token[], waits: boolean): Ending | undefined {
  let within = withinDefault;
  if (words.at(-2)?.text === 'within') {
    const bound = reader.durationOf(words.at(-1), '5s');
    if (bound === undefined) return undefined;
    within = bound;
    words.length -= 2;
  }
  let answer: Answer | undefined;
  const last = words.at(-1);
  if (last?.text === 'fails') {
    answer = { type: 'failure' };
    words.length -= 1;
  } else if (last !== undefined && words.at(-2)?.text === 'answers') {
    answer = { type: 'result', value: valueOf(last) };
    words.length -= 2;
  }
  if (answer !== undefined && !waits) {
    return reader.fail('`start` does not wait for an answer, so it can expect none', last);
  }
  return answer === undefined ? { within } : { within, answer };
}

function readArguments(
  reader: CommandReader,
  name: string,
  operation: Operation<any>,
  words: readonly Token[],
): Record<string, Json> | undefined {
  const parameters = Object.entries(operation.parameters);
  const open = new Map(parameters.map(([parameter, spec]) => [parameter, spec]));
  const args: Record<string, Json> = {};
  const put = (parameter: string, value: string, quoted: boolean, token: Token) => {
    open.delete(parameter);
    const kind = operation.parameters[parameter].replace('?', '') as ParameterKind;
    const argument = argumentOf(reader, parameter, kind, value, quoted, token);
    if (argument === undefined) return false;
    args[parameter] = argument;
    return true;
  };
  for (const word of words) {
    const [left, right] = splitNamed(word);
    if (left !== undefined && Object.hasOwn(operation.parameters, left)) {
      if (!open.has(left)) return reader.fail(`\`${left}\` is given twice`, word);
      if (!put(left, isQuoted(right) ? unquoted(right) : right, isQuoted(right), word))
        return undefined;
      continue;
    }
    const [first, second] = open.keys();
    if (left !== undefined && second !== undefined && operation.parameters[first] === 'string') {
      // `write inventory=0` for `write inventory 0`: a name and its value.
      const value = isQuoted(right) ? unquoted(right) : right;
      if (!put(first, left, true, word) || !put(second, value, isQuoted(right), word))
        return undefined;
      continue;
    }
    if (first === undefined || left !== undefined) {
      return reader.fail(
        tooMany(name, operation, left ?? word.text),
        word,
        didYouMean(left ?? '', open.keys()),
      );
    }
    if (!put(first, word.value, word.quoted, word)) return undefined;
  }
  for (const [parameter, spec] of open) {
    if (!spec.endsWith('?')) {
      const hint = `write \`${[name, ...parameters.map(([one]) => one)].join(' ')}\``;
      return reader.fail(`\`${name}\` needs its ${parameter}`, undefined, hint);
    }
  }
  return args;
}

function tooMany(name: string, operation: Operation<any>, found: string): string {
  const parameters = Object.keys(operation.parameters);
  const takes = parameters.length === 0 ? 'nothing' : parameters.join(', ');
  return `\`${name}\` takes ${takes}; \`${found}\` is too much`;
}

function splitNamed(word: Token): [string | undefined, string] {
  const match = word.quoted ? null : /^([A-Za-z_]\w*)=([^=].*)$/s.exec(word.text);
  return match ? [match[1], match[2]] : [undefined, ''];
}

function argumentOf(
  reader: CommandReader,
  parameter: string,
  kind: ParameterKind,
  text: string,
  quoted: boolean,
  token: Token,
): Json | undefined {
  const wrong = (expected: string) =>
    reader.fail(`${parameter} is ${expected}, not \`${text}\``, token);
  switch (kind) {
    case 'string':
      return text;
    case 'value':
      return quoted ? text : scalarOf(text);
    case 'integer':
      return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : wrong('a whole number');
    case 'duration':
      return parseDuration(text) ?? wrong('a duration, such as `10s`');
    case 'boolean':
      return parseTruth(text) ?? wrong('`true` or `false`');
    case 'node':
      return reader.nodeIdOf(token, text);
  }
}

/** A word as the value that it looks like: a number, true, false, null, or text. */
export function scalarOf(text: string): Json {
  if (/^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'null' ? null : text;
}

function valueOf(token: Token): Json {
  return token.quoted ? token.value : scalarOf(token.text);
}
