/** The kinds of values that a scenario gives to a protocol: settings and arguments. */

/**
 * A setting of a role: its kind, its value if the scenario does not set it, and what it means.
 * Durations are in microseconds. A scenario with a value below `min` or above `max` is refused, and
 * `doc` is given as the reason; of a range, they limit both ends, and of a list, each item. `below`
 * names another option of the role, a duration or a range: the value, times `times` if that is
 * given, must be below it, or below its shortest duration. `unit` is the step in which a system
 * counts a duration: a value that is not a multiple of it is refused, because the system would
 * round it.
 */
export type OptionSpec =
  | DurationOption
  | { kind: 'range'; default: readonly [number, number]; min?: number; max?: number; doc: string }
  | { kind: 'integer'; default: number; min?: number; max?: number; doc: string }
  | { kind: 'number'; default: number; min?: number; max?: number; doc: string }
  | { kind: 'boolean'; default: boolean; doc: string }
  | { kind: 'string'; default: string; doc: string }
  | { kind: 'choice'; default: string; choices: readonly string[]; doc: string }
  /** The name of a node, of one of certain roles if some are given; null for none. */
  | { kind: 'node'; default: string | null; role?: string | readonly string[]; doc: string }
  | ListOption;

export interface DurationOption {
  kind: 'duration';
  default: number;
  min?: number;
  max?: number;
  below?: string;
  times?: number;
  unit?: number;
  doc: string;
}

/** A setting that a scenario writes as `[a, b]`. */
export interface ListOption {
  kind: 'list';
  of: 'duration' | 'integer' | 'number' | 'boolean' | 'string' | 'node';
  default: readonly (string | number | boolean)[];
  /** Limit each item of a list of durations, integers or numbers. */
  min?: number;
  max?: number;
  /** The strings of which a list may consist. */
  choices?: readonly string[];
  /** Whether a list of strings with an empty string, or with one string twice, is refused. */
  distinct?: boolean;
  /** The role of the nodes in a list of nodes. */
  role?: string;
  doc: string;
}

/** The kinds of settings that give a value of this type. */
export type OptionFor<Value> = unknown extends Value
  ? OptionSpec
  : { [Spec in OptionSpec as Spec['kind']]: Spec }[OptionKindFor<Value>];

type OptionKindFor<Value> = [Value] extends [boolean]
  ? 'boolean'
  : [Value] extends [number]
    ? 'duration' | 'integer' | 'number'
    : [Value] extends [string]
      ? 'string' | 'choice' | 'node'
      : [Value] extends [string | null]
        ? 'node'
        : [Value] extends [readonly [number, number]]
          ? 'range' | 'list'
          : 'list';

/**
 * The kind of an operation's argument. A `value` is a number, a boolean or a string, whichever it
 * looks like in the scenario; a `duration` is in microseconds; a `node` is the name of a node. With
 * `[]` after it, the argument is a list of such values, which a command writes as `[a, b]`.
 */
export type ParameterKind = ItemKind | `${ItemKind}[]`;
/** The kind of a single value. */
export type ItemKind = 'string' | 'value' | 'integer' | 'duration' | 'boolean' | 'node';
/** A parameter's kind; with a `?` after it, the argument is optional. */
export type ParameterSpec = ParameterKind | `${ParameterKind}?`;

type Argument<Kind> = Kind extends `${infer Item}[]`
  ? readonly Argument<Item>[]
  : SingleArgument<Kind>;

type SingleArgument<Kind> = Kind extends 'integer' | 'duration'
  ? number
  : Kind extends 'boolean'
    ? boolean
    : Kind extends 'value'
      ? string | number | boolean
      : string;

/** The arguments that a handler receives, from the parameters that the operation declares. */
export type ArgumentsOf<Parameters> = {
  readonly [
    Name in keyof Parameters as Parameters[Name] extends `${string}?` ? never : Name
  ]: Argument<Parameters[Name]>;
} & {
  readonly [
    Name in keyof Parameters as Parameters[Name] extends `${string}?` ? Name : never
  ]?: Parameters[Name] extends `${infer Kind}?` ? Argument<Kind> : never;
};
