/** A parsed scenario: how a run starts, what its steps do, and what it must show. */
import type { MessageName, NetworkRule } from '../kernel/action.ts';
import type { Setup } from '../kernel/plan.ts';
import type { Json, Micros, NodeId, Protocol, Range } from '../protocol/types.ts';
import type { Expression, Language } from './conditions/condition.ts';
import type { ModelName } from './history/models.ts';
import type { SourceRange } from './problem.ts';
import type { ThrowPattern } from './thrown.ts';

export interface Scenario {
  readonly title: string;
  readonly file: string;
  /** The comment with which the file begins, a paragraph a line; absent if there is none. */
  readonly introduction?: string;
  /** The invariant or expectation that this broken twin violates. */
  readonly breaks?: string;
  readonly protocol: Protocol;
  readonly setup: Setup;
  /** Compiles expressions over the nodes of this cluster. */
  readonly language: Language;
  readonly steps: readonly Step[];
  readonly expect: readonly Expectation[];
  readonly until?: Until;
  readonly breakOn: readonly EventPattern[];
  readonly measures: readonly Measure[];
  /** How long a run continues after its last step if the cluster does not become quiescent. */
  readonly settle: Micros;
}

/** One line of `steps`, which can hold a breakpoint. */
export interface Step {
  /** Counts from 0; the actions of the step carry it. */
  readonly index: number;
  /** The line as the file has it, without its comment. */
  readonly text: string;
  /** What the file says in comments above or beside it: a paragraph a line. */
  readonly comment?: string;
  readonly range: SourceRange;
  readonly placement?: Placement;
  readonly command: Command;
}

/** When a step begins; by default, as soon as the one before it is done. */
export type Placement =
  | { readonly type: 'at'; readonly time: Micros }
  | { readonly type: 'after'; readonly event: EventPattern }
  | { readonly type: 'when'; readonly condition: Expression };

/** A protocol event: its name, where it is reported, and a condition on it. */
export interface EventPattern {
  readonly name: string;
  readonly node?: NodeId;
  readonly where?: Expression;
}

/** A node by its name, or by its standing at the moment of the step: `the leader`. */
export type NodeSelector = NodeId | { readonly standing: string };

/** The nodes on one side; `others` adds those of the same roles that no group lists. */
export interface NodeGroup {
  readonly nodes: readonly NodeSelector[];
  readonly others: boolean;
}

/** One message by its name, or the next one between two ends. */
export type MessageSelector =
  | { readonly exact: MessageName }
  /** An end that is absent matches any node; `message` is a message type. */
  | { readonly from?: NodeSelector; readonly to?: NodeSelector; readonly message?: string };

/** A network rule that may select nodes by their standing. */
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
  | { readonly type: 'add'; readonly node: NodeId; readonly role: string }
  | { readonly type: 'crash' | 'restart' | 'resume'; readonly nodes: readonly NodeSelector[] }
  | {
      readonly type: 'power-off' | 'unplug';
      readonly nodes: readonly NodeSelector[];
      readonly for?: Micros;
    }
  | { readonly type: 'plug-in'; readonly nodes: readonly NodeSelector[] }
  | {
      readonly type: 'disk';
      readonly node: NodeSelector;
      readonly does: 'slow';
      readonly by: Micros;
    }
  | {
      readonly type: 'disk';
      readonly node: NodeSelector;
      readonly does: 'stall';
      readonly for?: Micros;
    }
  | { readonly type: 'disk'; readonly node: NodeSelector; readonly does: 'ok' }
  | { readonly type: 'synced'; readonly node: NodeSelector }
  | { readonly type: 'reset'; readonly between: readonly [NodeSelector, NodeSelector] }
  | {
      readonly type: 'retransmit' | 'probe';
      readonly node: NodeSelector;
      readonly connection: string;
    }
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
  | {
      readonly type: 'repeat';
      /** False for `start repeat`, which does not wait for its end. */
      readonly waits: boolean;
      readonly clients: readonly NodeId[];
      /** Each invocation chooses one of them. */
      readonly templates: readonly OperationTemplate[];
      /** The time between two invocations of a client. */
      readonly every: Range;
      readonly times?: number;
      readonly for?: Micros;
      /** How long a client waits for an answer until it invokes its next operation. */
      readonly within?: Micros;
    }
  | {
      readonly type: 'nemesis';
      readonly faults: readonly NemesisFault[];
      /** The time between two of its actions: it begins a fault, and then ends it. */
      readonly every: Range;
      readonly for?: Micros;
      /** By default, the nodes that are not clients of a workload. */
      readonly on?: readonly NodeId[];
    }
  | { readonly type: 'wait'; readonly for: Micros }
  | { readonly type: 'until'; readonly goal: Goal; readonly within: Micros };

/** An operation whose arguments are drawn anew for each invocation. */
export interface OperationTemplate {
  readonly operation: string;
  /** `choose` draws a number from 0 to `bound - 1`; `serial` is new for each invocation. */
  argumentsFor(choose: (bound: number) => number, serial: number): Readonly<Record<string, Json>>;
}

export type NemesisFault = 'crash' | 'partition' | 'pause' | 'clock';

/** The answer that a step expects of its operation. */
export type Answer =
  { readonly type: 'result'; readonly value: Json } | { readonly type: 'failure' };

/** What ends a wait. */
export type Goal =
  | { readonly type: 'event'; readonly event: EventPattern }
  | { readonly type: 'condition'; readonly condition: Expression }
  /** Every operation invoked at the node is answered. */
  | { readonly type: 'done'; readonly node: NodeId }
  /** Since the last operation of `node`, `by` received a message of it and answered. */
  | { readonly type: 'answered'; readonly by: NodeId; readonly node: NodeId };

/** What ends a run; without it, a run ends when it is quiescent. */
export type Until = (
  | { readonly type: 'event'; readonly event: EventPattern }
  | { readonly type: 'condition'; readonly condition: Expression }
  | { readonly type: 'time'; readonly time: Micros }
) & {
  readonly text: string;
  /** Absent if the command line or a launch configuration sets it. */
  readonly range?: SourceRange;
  /** True to watch from the start of the run; otherwise from the end of the last step. */
  readonly early?: boolean;
};

/** A line of `expect`, as the file has it and as it is understood. */
export type Expectation = { readonly text: string; readonly range: SourceRange } & (
  | { readonly type: 'event'; readonly event: EventPattern }
  | { readonly type: 'no event'; readonly event: EventPattern }
  | { readonly type: 'throws'; readonly throws: ThrowPattern }
  | { readonly type: 'history'; readonly history: HistoryExpectation }
  | {
      readonly type: 'always' | 'never' | 'eventually' | 'end';
      readonly condition: Expression;
    }
);

/** What the client operations of a run must satisfy at its end. */
export interface HistoryExpectation {
  readonly model: ModelName;
  /** The name of a specification of the protocol; empty for a model that needs none. */
  readonly specification: string;
  /** True if the history must violate the model. */
  readonly isNot: boolean;
}

/** A figure of a run: an expression that is evaluated at its end. */
export interface Measure {
  readonly name: string;
  readonly expression: Expression;
  /** The events that it counts, by the string of each call of `count`. */
  readonly counted: ReadonlyMap<string, EventPattern>;
  /** The place of the expression. */
  readonly range: SourceRange;
}

/** The nodes that the steps of a scenario add. */
export function addedNodes({ steps }: Pick<Scenario, 'steps'>): NodeId[] {
  return steps.flatMap(({ command }) => (command.type === 'add' ? [command.node] : []));
}
