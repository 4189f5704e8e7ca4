/** One request and its reply: what a timeout can mean, and what it costs to repeat a request. */
import { defineProtocol } from '../../protocol/define.ts';
import { client } from './client.ts';
import { server } from './server.ts';
import { events } from './state.ts';
import { specification } from './counter-object.ts';

export const requestReply = defineProtocol({
  name: 'request-reply',
  aliases: ['rpc', 'timeout', 'idempotency'],
  doc: 'A client that repeats requests, and a server that may recognize a repetition.',
  source: 'Birrell, Nelson: Implementing Remote Procedure Calls, 1984; RFC draft "The ' +
    'Idempotency-Key HTTP Header Field"',
  specification,
  events,
  roles: { server, client },
  invariants: {
    'At Most Once': {
      doc: 'A request is executed at most once, however often it arrives.',
      remember: (): { executed: string[] } => ({ executed: [] }),
      check({ events: reported, memory: { executed } }) {
        for (const event of reported) {
          if (event.name !== 'Executed') continue;
          const { by, number } = event.fields;
          const key = `${by}#${number}`;
          if (executed.includes(key)) return `Request ${number} of ${by} was executed twice.`;
          executed.push(key);
        }
        return undefined;
      },
    },
    'A Reply Means Executed': {
      doc: 'A client receives a total only for a request that the server has executed.',
      remember: (): { executed: string[] } => ({ executed: [] }),
      check({ events: reported, acted, memory: { executed } }) {
        for (const event of reported) {
          if (event.name === 'Executed') executed.push(`${event.fields.by}#${event.fields.number}`);
          if (event.name !== 'ReplyReceived' || event.fields.total === null) continue;
          if (executed.includes(`${acted!.id}#${event.fields.number}`)) continue;
          return `${acted!.id} has a reply to request ${event.fields.number}, which did not run.`;
        }
        return undefined;
      },
    },
    'Same Answer': {
      doc: 'A repetition is answered as the request was.',
      remember: (): { totals: Record<string, number> } => ({ totals: {} }),
      check({ events: reported, acted, message, memory: { totals } }) {
        for (const event of reported) {
          if (event.name !== 'Executed') continue;
          totals[`${event.fields.by}#${event.fields.number}`] = event.fields.total;
        }
        if (acted?.role !== 'client' || message?.body.type !== 'Reply') return undefined;
        const { number, total } = message.body;
        const first = totals[`${acted.id}#${number}`];
        if (first === undefined || total === null || total === first) return undefined;
        return `Request ${number} of ${acted.id} made it ${first}, and is answered ${total}.`;
      },
    },
  },
  refuses: ({ type, total }) => type === 'Reply' && total === null,
  units: { waited: 'microseconds' },
});
