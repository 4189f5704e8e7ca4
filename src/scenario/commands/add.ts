/** The command that adds a node during a run. */
import { nodesMax, whyNoJoining } from '../../kernel/joining.ts';
import { notAddedText } from '../../kernel/text/impossible-text.ts';
import { firstFields } from '../conditions/field-check.ts';
import { nodeNameMistake } from '../node-names.ts';
import type { Command } from '../scenario.ts';
import { unknownName, useOneOf } from '../suggest.ts';
import type { CommandReader } from './reader.ts';

const form = 'add n6: ROLE';

/** `add NODE[: ROLE]`; the commands after it may name the node. */
export function readAdd(
  reader: CommandReader,
  reserved: ReadonlySet<string>,
): Command | undefined {
  const { protocol, nodes, language } = reader.context;
  const name = reader.take();
  if (name === undefined) {
    const hint = `write \`${form}\``;
    return reader.fail({ code: 'expected-node', message: 'expected a name', hint }, name);
  }
  const id = name.text;
  const mistake = nodeNameMistake(id, reader.nodeIds, reserved);
  if (mistake?.code === 'duplicate-node') {
    const message = `there is already a node \`${id}\``;
    return reader.fail({ code: mistake.code, message, hint: 'choose another name' }, name);
  }
  if (mistake !== undefined) return reader.fail(mistake, name);
  const role = readRole(reader);
  if (role === undefined || !reader.readEnd(form)) return undefined;
  if (nodes.length >= nodesMax) {
    const message = notAddedText({ type: 'too many nodes', most: nodesMax });
    return reader.fail({ code: 'too-many-nodes', message }, name);
  }
  const refusal = whyNoJoining(protocol, role);
  if (refusal !== undefined) {
    return reader.fail({ code: 'cannot-add', message: notAddedText(refusal) }, name);
  }
  nodes.push({ id, role });
  language.admit(id, firstFields(protocol, role, id));
  return { type: 'add', node: id, role };
}

function readRole(reader: CommandReader): string | undefined {
  const { protocol } = reader.context;
  const roles = Object.keys(protocol.roles);
  const isGiven = reader.takes(':');
  const token = isGiven ? reader.take() : undefined;
  if (token === undefined) {
    const role = protocol.defaultRole ?? (roles.length === 1 ? roles[0] : undefined);
    if (role !== undefined && !isGiven) return role;
    const message = 'the new node needs a role';
    return reader.fail({ code: 'missing-role', message, hint: useOneOf(roles) }, token);
  }
  if (Object.hasOwn(protocol.roles, token.text)) return token.text;
  const lacks = `${protocol.name} has no role`;
  return reader.fail(unknownName('unknown-role', lacks, token.text, roles), token);
}
