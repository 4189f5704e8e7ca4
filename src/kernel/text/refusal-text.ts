/** The sentence for a refused call of a handler: what is wrong, then what to write instead. */
import type { NodeId } from '../../protocol/types.ts';
import { notAState, notPlainMessage } from '../data/plain-data.ts';
import type { Refusal } from '../refusals/refusal.ts';

export function refusalText(refusal: Refusal): string {
  switch (refusal.type) {
    case 'assigned':
      return refusal.property === 'state'
        ? 'node.state cannot be replaced: change its fields, as in node.state.field = …'
        : `node.${refusal.property} cannot be assigned: it is read-only`;
    case 'not a message':
    case 'message type':
    case 'unknown receiver':
    case 'unhandled message':
      return messageText(refusal);
    case 'undeclared event': {
      const { found, declared } = refusal;
      const events = `the protocol's \`events\` has ${listed(declared)}`;
      return `the event ${found} is not declared: ${events}`;
    }
    case 'event fields': {
      const { event, found } = refusal;
      const write = `write node.event('${event}', { field: value })`;
      return `the fields of the event ${event} are ${found}: ${write}`;
    }
    case 'unknown timer': {
      const { role, found, timers } = refusal;
      return `role ${role} has no timer ${found}: it has ${listed(timers)}`;
    }
    case 'timer key': {
      const { timer, found } = refusal;
      return `the key of timer ${timer} is ${found}: it must be a string, such as String(${found})`;
    }
    case 'timer duration': {
      const { timer, found } = refusal;
      const write = 'write microseconds, such as milliseconds(50), or a range [shortest, longest]';
      return `timer ${timer} cannot be set to ${found}: ${write}`;
    }
    case 'timer range': {
      const { timer, shortest, longest } = refusal;
      const found = `[${shortest}, ${longest}], a range that ends before it begins`;
      return `timer ${timer} cannot be set to ${found}: write [${longest}, ${shortest}]`;
    }
    case 'no connection': {
      const { from, to, roles } = refusal;
      const pair = roles.map((role) => `'${role}'`).join(', ');
      const what = `${from} cannot connect to ${to}`;
      return `${what}: the protocol's \`connections\` must have [${pair}]`;
    }
    case 'socket options': {
      const write = 'write { keepAlive: { idle, interval, count }, userTimeout }, in microseconds';
      return `the options of a connection are ${refusal.found}: ${write}`;
    }
    case 'random bound':
      return `node.random(${refusal.found}) is not possible: the bound must be a positive integer`;
    case 'unknown operation': {
      const call = `node.${refusal.verb}(${refusal.found}, …)`;
      return `${call} names no operation: pass the third argument of \`run\``;
    }
    case 'outside a handler':
      return 'node is used after its handler returned: keep no reference to it';
    case 'first state':
      return notAState(refusal.found);
    case 'not plain data':
      return notPlainMessage(refusal.finding, refusal.root, refusal.holder);
  }
}

type MessageRefusal = Extract<Refusal, { from: NodeId; message: string } | { example: string }>;

function messageText(refusal: MessageRefusal): string {
  switch (refusal.type) {
    case 'not a message': {
      const { from, found, example } = refusal;
      return `${from} sends ${found}, which is not a message: ${sendAs(example)}`;
    }
    case 'message type': {
      const { from, found, typeFound, example } = refusal;
      const what = typeFound === undefined ? 'has no type' : `has the type ${typeFound}`;
      return `${from} sends ${found}, which ${what}: ${sendAs(example)}`;
    }
    case 'unknown receiver': {
      const { from, message, found, nodes } = refusal;
      const what = `${from} sends ${message} to ${found}, which is not a node`;
      return `${what}: the nodes are ${listed(nodes)}`;
    }
    case 'unhandled message': {
      const { from, message, to, role, handled } = refusal;
      const has = `role ${role} handles ${listed(handled)}`;
      return `${from} sends ${message} to ${to}, which has no handler for it: ${has}`;
    }
  }
}

function sendAs(type: string): string {
  return `write node.send(to, { type: '${type}', … })`;
}

function listed(names: readonly string[]): string {
  return names.join(', ') || 'none';
}
