/** What clients and servers send each other, whatever the replication. */
import type { Json } from '../../protocol/types.ts';
import type { Versions } from './sessions.ts';

/** The operations of clients. */
export type OperationName = 'read' | 'write';

/** A client's operation, on its way to the server that executes it or forwards it. */
export interface Request {
  /** Counts the requests of the client. */
  number: number;
  name: OperationName;
  key: string;
  /** What is written; null for a read. */
  value: Json;
  /** What the server must have applied before it executes this, for the session's guarantees. */
  needs: Versions;
}

/** The answer to a request. */
export interface Reply {
  number: number;
  result: Json;
  /** What the server had applied; empty if its replication does not count writes. */
  applied: Versions;
}

/** The request was not executed, and will not be. */
export interface Refusal {
  number: number;
  why: string;
}

export interface ToServer {
  Request: Request;
}

export interface ToClient {
  Reply: Reply;
  Refusal: Refusal;
}
