/** `nemesis`: faults that are drawn from the seed, one after the other, and undone. */
import type { NodeId } from '../../protocol/types.ts';
import type { Command, NemesisFault } from '../scenario.ts';
import { unknownName, useOneOf } from '../suggest.ts';
import type { CommandReader } from './reader.ts';
import { readInterval } from './repeat.ts';

const nemesisForm = 'nemesis: crash | partition every 1s..3s';

const nemesisFaults: readonly NemesisFault[] = ['crash', 'partition', 'pause', 'clock'];

/** `nemesis: crash | partition | pause | clock every 1s..3s [for 30s] [on NODE…]` */
export function readNemesis(reader: CommandReader): Command | undefined {
  if (!reader.takes(':')) {
    const hint = `write \`${nemesisForm}\``;
    return reader.fail({ code: 'expected-colon', message: 'expected `:`', hint }, reader.next);
  }
  const faults: NemesisFault[] = [];
  do {
    const token = reader.take();
    const fault = nemesisFaults.find((one) => one === token?.text);
    if (token === undefined) {
      const hint = useOneOf(nemesisFaults);
      return reader.fail({ code: 'expected-fault', message: 'expected a fault', hint }, token);
    }
    if (fault === undefined) {
      const lacks = 'the nemesis has no fault';
      return reader.fail(unknownName('unknown-fault', lacks, token.text, nemesisFaults), token);
    }
    if (faults.includes(fault)) {
      const message = `\`${fault}\` is given twice`;
      return reader.fail({ code: 'unexpected-word', message }, token);
    }
    faults.push(fault);
  } while (reader.takes('|'));
  if (!reader.takes('every')) {
    const hint = `write \`${nemesisForm}\``;
    const message = 'expected `every` and the time between two faults';
    return reader.fail({ code: 'expected-setting', message, hint }, reader.next);
  }
  const every = readInterval(reader, '1s..3s');
  const lasting = every && reader.readFor();
  if (!every || !lasting) return undefined;
  const on = readTargets(reader, faults);
  if (on === undefined || !reader.readEnd(`${nemesisForm} for 30s on n1 n2`)) return undefined;
  return { type: 'nemesis', faults, every, ...lasting, ...(on.length > 0 && { on }) };
}

/** The nodes after `on`; empty for the default, all nodes but the clients of a workload. */
function readTargets(
  reader: CommandReader,
  faults: readonly NemesisFault[],
): NodeId[] | undefined {
  const on: NodeId[] = [];
  const word = reader.next;
  if (!reader.takes('on')) return on;
  while (reader.next !== undefined) {
    const id = reader.readNodeId();
    if (id === undefined) return undefined;
    if (!on.includes(id)) on.push(id);
  }
  if (on.length === 0) return reader.failForNode(reader.next);
  if (on.length > 1 || !faults.includes('partition')) return on;
  const message = 'a partition needs at least two nodes';
  return reader.fail({ code: 'too-few-groups', message }, word);
}
