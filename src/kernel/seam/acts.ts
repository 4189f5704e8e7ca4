/** What a person can do to the things of a moment, read-only, as menus of the picture show it. */
import type { NodeId } from '../../protocol/types.ts';
import type { Action, MessageName } from '../action.ts';
import type { Impossible } from '../impossible.ts';

/** What a person acts on: a node, a timer of it, a message in flight, the link of two nodes. */
export type Subject =
  | { readonly type: 'node'; readonly node: NodeId }
  | {
      readonly type: 'timer';
      readonly node: NodeId;
      readonly timer: string;
      readonly key: string;
    }
  | { readonly type: 'message'; readonly message: MessageName }
  | { readonly type: 'link'; readonly nodes: readonly [NodeId, NodeId] };

/** An action on a subject. Its durations and rates are proposals, and its arguments are missing. */
export interface ActMoment {
  readonly action: Action;
  /** Why it cannot be taken now, or would change nothing. */
  readonly obstacle?: Impossible | NoEffect;
}

/** The action is possible, but the link is as it asks already. */
export interface NoEffect {
  readonly type: 'already cut' | 'not cut';
  readonly from: NodeId;
  readonly to: NodeId;
}
