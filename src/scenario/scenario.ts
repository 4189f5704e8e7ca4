/** A scenario, once it is understood: where a run starts, what is asked of it, what is expected. */
import type { MessageName, NetworkRule } from '../kernel/action.ts';
import type { Setup } from '../kernel/plan.ts';
import type { Json, Micros, NodeId, Protocol } from '../protocol/types.ts';
import type { Expression, Language } from './conditions/condition.ts';
import type { SourceRange } from './problem.ts';

export interface Scenario {
  readonly title: string;
  readonly file: string;
  readonly protocol: Protocol;
  readonly setup: Setup;
  /** Expressions in the words of this cluster. */
  readonly language: Language;
  readonly steps: readonly Step[];
  readonly expect: readonly Expectation[];
  readonly until?: Until;
  readonly breakOn: readonly EventPattern[];
  /** How long a cluster that never calms down goes on after the last step. */
  readonly settle: Micros;
}

/** One line of `steps`, which can hold a breakpoint. */
export interface Step {
  /** Counts from 0; actions that it causes carry it. */
  readonly index: number;
  /** As it stands in the file. */
  readonly text: string;
  readonly range: SourceRange;
  readonly placement?: Placement;
  readonly command: Command;
}

/** When a step begins, if not at once. */
export type Placement =
  | { readonly type: 'at'; readonly moment: Micros }
  | { readonly type: 'after'; readonly event: EventPattern }
  | { readonly type: 'when'; readonly condition: Expression };

/** A protocol event: its name, where it is reported, and a condition on it. */
export interface EventPattern {
  readonly name: string;
  readonly node?: NodeId;
  readonly where?: Expression;
}

/** A node by its name, or by what it is to its cluster when the step comes: `the leader`. */
export type NodeSelector = NodeId | { readonly standing: string };

/** Nodes of one side: those listed, and the others of the same roles if `others` says so. */
export interface NodeGroup {
  readonly nodes: readonly NodeSelector[];
  readonly others: boolean;
}

/** One message by its canonical name, or the next one that fits. */
export type MessageSelector =
  | { readonly exact: MessageName }
  /** A side that is absent is any node; `message` is a message type. */
  | { readonly from?: NodeSelector; readonly to?: NodeSelector; readonly message?: string };

/** A network rule whose nodes may be named by their standing. */
export interface RuleCommand {
  readonly rule: Omit<NetworkRule, 'from' | 'to'>;
  readonly from?: readonly NodeSelector[];
  readonly to?: readonly NodeSelector[];
}

export type Command =
  | {
      readonly type: 'invoke';
      readonly node: NodeSelector;
      readonly operation: string;
      readonly args: Readonly<Record<string, Json>>;
      /** False for `start`, which does not wait for the answer. */
      readonly waits: boolean;
      readonly answer?: Answer;
      readonly within: Micros;
    }
  | { readonly type: 'crash' | 'restart' | 'resume'; readonly nodes: readonly NodeSelector[] }
  | { readonly type: 'pause'; readonly nodes: readonly NodeSelector[]; readonly for?: Micros }
  | { readonly type: 'partition'; readonly groups: readonly NodeGroup[]; readonly for?: Micros }
  | {
      readonly type: 'cut';
      readonly from: readonly NodeSelector[];
      readonly to: readonly NodeSelector[];
      readonly for?: Micros;
    }
  | {
      readonly type: 'heal';
      readonly from?: readonly NodeSelector[];
      readonly to?: readonly NodeSelector[];
    }
  | {
      readonly type: 'clock';
      readonly node: NodeSelector;
      readonly offset?: Micros;
      readonly jump?: Micros;
      readonly drift?: number;
    }
  | ({ readonly type: 'network' } & RuleCommand)
  | {
      readonly type: 'drop' | 'duplicate' | 'delay' | 'deliver';
      readonly which: MessageSelector;
      /** For `delay`. */
      readonly by?: Micros;
    }
  | {
      readonly type: 'fire';
      readonly node: NodeSelector;
      readonly timer: string;
      readonly key: string;
    }
  | { readonly type: 'wait'; readonly for: Micros }
  | { readonly type: 'until'; readonly goal: Goal; readonly within: Micros };

export type CommandType = Command['type'];

/** What an operation is expected to answer. */
export type Answer =
  { readonly type: 'result'; readonly value: Json } | { readonly type: 'failure' };

/** What a wait waits for. */
export type Goal =
  | { readonly type: 'event'; readonly event: EventPattern }
  | { readonly type: 'condition'; readonly condition: Expression }
  /** Every operation that was asked of the node is answered. */
  | { readonly type: 'done'; readonly node: NodeId }
  /** Since `node` was last asked for something, it wrote to `by`, which then wrote back. */
  | { readonly type: 'answered'; readonly by: NodeId; readonly node: NodeId };

/** Where a run ends; without it, when nothing but heartbeats is left to happen. */
export type Until = (
  | { readonly type: 'event'; readonly event: EventPattern }
  | { readonly type: 'condition'; readonly condition: Expression }
  | { readonly type: 'moment'; readonly moment: Micros }
) & {
  readonly text: string;
  /** True to look from the start of the run on; else from the end of the last step on. */
  readonly early?: boolean;
};

/** A line of `expect`. */
export type Expectation = { readonly text: string; readonly range: SourceRange } & (
  | { readonly type: 'event'; readonly event: EventPattern }
  | { readonly type: 'no event'; readonly event: EventPattern }
  | {
      readonly type: 'always' | 'never' | 'eventually' | 'end';
      readonly condition: Expression;
    }
);

/** What became of an expectation. */
export type Verdict = {
  readonly text: string;
  /** Where it stands in the scenario; absent for an invariant of the protocol. */
  readonly range?: SourceRange;
} & (
  | { readonly type: 'holds' }
  | { readonly type: 'unknown'; readonly why: string }
  | {
      readonly type: 'violated';
      readonly why: string;
      /** The moment that broke it: how many actions had been taken, and when. */
      readonly step: number;
      readonly time: Micros;
    }
);
