/** Executes each command of a client once, however often its request arrives. */
// As in §8 of the Raft paper, the server keeps the response to a command beside its serial number,
// and answers a repeated request with the response that it gave before. A client may have several
// commands pending here, so the server keeps several responses, until the client says that it
// has them.
import type { Json, NodeId } from '../../protocol/types.ts';

/** A client's command, with the numbers that let a server recognize it. */
export interface Numbered<Command> {
  /** Unique among the commands of its client; later commands have higher numbers. */
  readonly serial: number;
  /** The client has the responses to all lower serial numbers. */
  readonly oldestPending: number;
  readonly command: Command;
}

/** What a server remembers of a client. */
export interface ClientSession<Response = Json> {
  /** The client has said that it has the responses to all lower serial numbers. */
  oldestPending: number;
  /** The responses that the client may still ask for, in the order of execution. */
  responses: { readonly serial: number; readonly response: Response }[];
}

/** Returns the response to a command; executes the command if this is the first request for it. */
export function executeOnce<Subject, Command, Response extends Json>(
  sessions: Record<NodeId, ClientSession<Response>>,
  client: NodeId,
  { serial, oldestPending, command }: Numbered<Command>,
  subject: Subject,
  execute: (subject: Subject, command: Command) => Response,
): Response | null {
  const session = (sessions[client] ??= { oldestPending: 1, responses: [] });
  const { responses } = session;
  for (const known of responses) if (known.serial === serial) return known.response;
  // A late copy: the client has the response, or has crashed and no longer waits for it.
  if (serial < session.oldestPending) return null;
  if (oldestPending > session.oldestPending) session.oldestPending = oldestPending;
  while (responses.length > 0 && responses[0].serial < oldestPending) responses.shift();
  const response = execute(subject, command);
  responses.push(Object.freeze({ serial, response }));
  return response;
}
