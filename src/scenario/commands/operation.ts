/** Client operations as commands: `client put x 1`, `A lock order42 ttl=10s`. */
import type { Json, Micros, Operation, Role } from '../../protocol/types.ts';
import type { ItemKind, ParameterKind } from '../../protocol/values.ts';
import type { Answer, Command, NodeSelector } from '../scenario.ts';
import { didYouMean, mustBe, shownValue, unknownName, useOneOf } from '../suggest.ts';
import { type CommandReader, selectorText } from './reader.ts';
import { isQuoted, listItems, type Token, unquoted } from './tokens.ts';
import { parseBoolean, parseScalar, parseSpan, valueForms } from './values.ts';

/** How long an operation or a wait may last if its line sets no limit. */
export const withinDefault: Micros = 60_000_000;

/** `NODE OPERATION ARGUMENT… [answers VALUE | fails] [within 5s]` */
export function readOperation(reader: CommandReader, waits: boolean): Command | undefined {
  const node = reader.readNode();
  if (node === undefined) return undefined;
  const token = reader.take();
  const operations = operationsOf(reader, node);
  const names = Object.keys(operations);
  const name = token?.text ?? '';
  if (names.length === 0) {
    const message = `\`${selectorText(node)}\` has no operations`;
    const ids = reader.nodeIds.filter((id) => Object.keys(operationsOf(reader, id)).length > 0);
    const hint = ids.length > 0 ? useOneOf(ids) : undefined;
    return reader.fail({ code: 'unknown-operation', message, hint }, token);
  }
  if (token === undefined) {
    const message = 'expected an operation';
    return reader.fail({ code: 'expected-operation', message, hint: useOneOf(names) }, token);
  }
  if (!Object.hasOwn(operations, name)) {
    const lacks = `\`${selectorText(node)}\` has no operation`;
    return reader.fail(unknownName('unknown-operation', lacks, name, names), token);
  }
  const words: Token[] = [];
  for (let word = reader.take(); word !== undefined; word = reader.take()) words.push(word);
  const ending = readEnding(reader, words, waits);
  if (ending === undefined) return undefined;
  const args = readArguments(reader, name, operations[name], words);
  if (args === undefined) return undefined;
  const fault = faultOf(operations[name], args, reader);
  if (fault !== undefined) {
    return reader.fail({ code: 'bad-argument', message: fault }, words[0]);
  }
  return { type: 'invoke', node, operation: name, args, waits, ...ending };
}

/** Code of the protocol that throws here has its say when the command runs. */
export function faultOf(
  operation: Operation<any>, args: Record<string, Json>, { context: { nodes } }: CommandReader,
): string | undefined {
  try {
    const roleOf = (one: string) => nodes.find(({ id }) => id === one)?.role ?? '';
    return operation.fault?.(args as never, roleOf);
  } catch {
    return undefined;
  }
}

export function operationsOf(
  reader: CommandReader,
  node: NodeSelector,
): Record<string, Operation<any>> {
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
    const message = '`start` does not wait for an answer and cannot check it';
    return reader.fail({ code: 'answer-not-awaited', message, hint: 'remove `start`' }, last);
  }
  return answer === undefined ? { within } : { within, answer };
}

export function readArguments(
  reader: CommandReader,
  name: string,
  operation: Operation<any>,
  words: readonly Token[],
): Record<string, Json> | undefined {
  const parameters = Object.entries(operation.parameters);
  const form = [name, ...parameters.map(([parameter]) => parameter)].join(' ');
  const hint = `write \`${form}\``;
  const open = new Map(parameters);
  const args: Record<string, Json> = {};
  const put = (parameter: string, value: string, quoted: boolean, token: Token) => {
    open.delete(parameter);
    const kind = operation.parameters[parameter].replace('?', '') as ParameterKind;
    const argument = isListKind(kind)
      ? listArgument(reader, parameter, itemKind(kind), value, token)
      : argumentOf(reader, parameter, kind, value, quoted, token);
    if (argument === undefined) return false;
    args[parameter] = argument;
    return true;
  };
  for (const word of words) {
    const [left, right] = splitNamed(word);
    const value = isQuoted(right) ? unquoted(right) : right;
    if (left !== undefined && Object.hasOwn(operation.parameters, left)) {
      if (!open.has(left)) {
        const message = `argument \`${left}\` is given twice`;
        return reader.fail({ code: 'duplicate-argument', message, hint }, word);
      }
      if (!put(left, value, isQuoted(right), word)) return undefined;
      continue;
    }
    const [first, second] = open.keys();
    if (left !== undefined && second !== undefined && operation.parameters[first] === 'string') {
      // `write inventory=0` for `write inventory 0`: a name and its value.
      if (!put(first, left, true, word) || !put(second, value, isQuoted(right), word))
        return undefined;
      continue;
    }
    if (first === undefined || left !== undefined) {
      const message = `unexpected argument \`${left ?? word.text}\``;
      const meant = didYouMean(left ?? '', open.keys()) ?? hint;
      return reader.fail({ code: 'unexpected-argument', message, hint: meant }, word);
    }
    if (!put(first, word.value, word.quoted, word)) return undefined;
  }
  for (const [parameter, spec] of open) {
    if (spec.endsWith('?')) continue;
    const message = `\`${name}\` needs the argument \`${parameter}\``;
    return reader.fail({ code: 'missing-argument', message, hint }, undefined);
  }
  return args;
}

function isListKind(kind: ParameterKind): kind is `${ItemKind}[]` {
  return kind.endsWith('[]');
}

function itemKind(kind: `${ItemKind}[]`): ItemKind {
  return kind.slice(0, -2) as ItemKind;
}

function listArgument(
  reader: CommandReader,
  parameter: string,
  kind: ItemKind,
  text: string,
  token: Token,
): Json | undefined {
  const items = listItems(token, token.text.length - text.length);
  if (items === undefined) {
    const message = mustBe(`\`${parameter}\``, valueForms.list, shownValue(text));
    return reader.fail({ code: 'bad-argument', message }, token);
  }
  const list: Json[] = [];
  for (const item of items) {
    if (item.text === '') {
      const message = `an item of the list \`${parameter}\` is empty`;
      const hint = 'write `""` for an empty string, or remove the comma';
      return reader.fail({ code: 'bad-argument', message, hint }, item);
    }
    const value = argumentOf(reader, parameter, kind, item.value, item.quoted, item);
    if (value === undefined) return undefined;
    list.push(value);
  }
  return list;
}

function splitNamed(word: Token): [string | undefined, string] {
  const match = word.quoted ? null : /^([A-Za-z_]\w*)=([^=].*)$/s.exec(word.text);
  return match ? [match[1], match[2]] : [undefined, ''];
}

function argumentOf(
  reader: CommandReader,
  parameter: string,
  kind: ItemKind,
  text: string,
  quoted: boolean,
  token: Token,
): Json | undefined {
  const wrong = (expected: string) => {
    const message = mustBe(`\`${parameter}\``, expected, shownValue(text));
    return reader.fail({ code: 'bad-argument', message }, token);
  };
  switch (kind) {
    case 'string':
      return text;
    case 'value':
      return quoted ? text : parseScalar(text);
    case 'integer':
      return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : wrong(valueForms.integer);
    case 'duration':
      return parseSpan(text) ?? wrong(valueForms.duration('10s'));
    case 'boolean':
      return parseBoolean(text) ?? wrong(valueForms.boolean);
    case 'node':
      return reader.nodeIdOf(token, text);
  }
}

function valueOf(token: Token): Json {
  const items = token.quoted ? undefined : listItems(token);
  if (items !== undefined) return items.map(valueOf);
  return token.quoted ? token.value : parseScalar(token.text);
}
