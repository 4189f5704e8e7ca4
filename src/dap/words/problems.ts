/** What is wrong with an expression, a command or a breakpoint, in words. */
import { pointProblemText } from '../../kernel/text/causality-text.ts';
import type { Fault } from '../../scenario/problem.ts';
import { oneOf } from '../../scenario/suggest.ts';
import type { LogMessageProblem } from '../../session/breakpoints/log-message.ts';
import type { PlacementProblem } from '../../session/breakpoints/placement.ts';
import type { BreakpointProblem } from '../../session/breakpoints/problems.ts';
import type { CommandProblem } from '../../session/console.ts';
import type { ExpressionProblem } from '../../session/read/evaluate.ts';
import { notMovedText } from './movements.ts';

export function problemText(problem: ExpressionProblem | CommandProblem): string {
  switch (problem.type) {
    case 'expression':
    case 'command':
      return faultText(problem.fault);
    case 'no value':
      return problem.why;
    case 'not a command':
      return `\`${problem.word}\` is not a command${hint(problem.similar)}`;
    case 'before':
      return 'Name two events: `before 12 30` or `before n1:TermChanged n2:LeaderElected`';
    case 'point':
      return pointProblemText(problem.problem);
    case 'nothing to do':
      return 'The command has no effect now';
    case 'not moved':
      return notMovedText(problem.why, { name: problem.name });
    case 'no such branch':
      return `There is no branch ${problem.number}: there is ${oneOf(problem.known.map(String))}`;
    case 'first branch':
      return 'The first run cannot be deleted: the other branches part from it';
    case 'stale branch':
      return (
        `Branch ${problem.number} cannot be repeated on the present code, so it has no steps: ` +
        '`branches` says why'
      );
  }
}

/** Why a breakpoint is not set. */
export function breakpointProblemText(problem: BreakpointProblem): string {
  switch (problem.type) {
    case 'condition':
      return `condition: ${faultText(problem.fault)}`;
    case 'hit condition':
      return (
        'A hit condition is a count, such as `5`, `>= 5` or `% 10`; ' +
        `it is \`${problem.text}\``
      );
    case 'log message':
      return `log message: ${logMessageText(problem.problem)}`;
    case 'place':
      return placementText(problem.problem);
  }
}

function logMessageText(problem: LogMessageProblem): string {
  if (problem.type === 'expression') return faultText(problem.fault);
  return `the brace at character ${problem.at} is not closed: ${problem.text}`;
}

function placementText(problem: PlacementProblem): string {
  switch (problem.type) {
    case 'other file':
      return 'This file is neither the scenario nor a source of its protocol';
    case 'no command':
      return 'There is no command on this line or after it';
    case 'no statement':
      return 'There is no statement on this line or after it';
    case 'no lines':
      return noLinesText(problem.protocol, problem.why);
    case 'only draws':
      return (
        `\`${problem.function}\` runs only to draw a node or a message: ` +
        'a breakpoint here is never hit'
      );
    case 'not a name':
      return 'Expected the name of a message, timer, operation or event';
    case 'unknown node':
      return `There is no node ${problem.node}: there are ${oneOf(problem.nodes)}`;
    case 'unknown name':
      return (
        `No message, timer, operation or event is named ${problem.name}` + hint(problem.similar)
      );
    case 'unknown filter':
      return `There is no filter ${problem.filter}`;
    case 'not in a state':
      return "This is not part of a node's state";
    case 'not on writes':
      return 'A state can be watched only for changes';
  }
}

export function movedText(to: 'next command' | 'next statement'): string {
  return `Moved to the next line with a ${to === 'next command' ? 'command' : 'statement'}`;
}

export function noLinesText(protocol: string, why: string | undefined): string {
  return `${protocol} cannot be stepped through line by line${why === undefined ? '' : `: ${why}`}`;
}

function faultText({ message, hint: what }: Fault): string {
  return what ? `${message} (${what})` : message;
}

/** ` (did you mean …?)`, or nothing. */
export function hint(similar: string | undefined): string {
  return similar === undefined ? '' : ` (did you mean \`${similar}\`?)`;
}
