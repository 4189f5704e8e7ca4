/** Why a node refuses a call of a handler: one type for each kind of mistake. */
import type { NodeId } from '../../protocol/types.ts';
import type { Holder, NotPlain } from '../data/plain-data.ts';

/** `found` is always a short description of what the handler passed. */
export type Refusal =
  /** A property of `node` was assigned. */
  | { readonly type: 'assigned'; readonly property: string }
  | {
      readonly type: 'not a message';
      readonly from: NodeId;
      readonly found: string;
      /** A message type that the receiver handles. */
      readonly example: string;
    }
  | {
      readonly type: 'message type';
      readonly from: NodeId;
      readonly found: string;
      /** The value in the place of the type; undefined if there is none. */
      readonly typeFound: string | undefined;
      readonly example: string;
    }
  | {
      readonly type: 'unknown receiver';
      readonly from: NodeId;
      readonly message: string;
      readonly found: string;
      readonly nodes: readonly NodeId[];
    }
  | {
      readonly type: 'unhandled message';
      readonly from: NodeId;
      readonly message: string;
      readonly to: NodeId;
      readonly role: string;
      readonly handled: readonly string[];
    }
  | {
      readonly type: 'undeclared event';
      readonly found: string;
      readonly declared: readonly string[];
    }
  | { readonly type: 'event fields'; readonly event: string; readonly found: string }
  | {
      readonly type: 'unknown timer';
      readonly role: string;
      readonly found: string;
      readonly timers: readonly string[];
    }
  | { readonly type: 'timer key'; readonly timer: string; readonly found: string }
  | { readonly type: 'timer duration'; readonly timer: string; readonly found: string }
  /** The ends of a range in the wrong order. */
  | {
      readonly type: 'timer range';
      readonly timer: string;
      readonly shortest: number;
      readonly longest: number;
    }
  | {
      readonly type: 'no connection';
      readonly from: NodeId;
      readonly to: NodeId;
      readonly roles: readonly [string, string];
    }
  | { readonly type: 'socket options'; readonly found: string }
  | { readonly type: 'random bound'; readonly found: string }
  | { readonly type: 'unknown operation'; readonly verb: 'reply' | 'fail'; readonly found: string }
  /** `node` was used after its handler returned. */
  | { readonly type: 'outside a handler' }
  /** What `init` returned is not an object. */
  | { readonly type: 'first state'; readonly found: string }
  /** A part of a value is not plain data; `root` names the value. */
  | {
      readonly type: 'not plain data';
      readonly finding: NotPlain;
      readonly root: string;
      readonly holder: Holder;
    };
