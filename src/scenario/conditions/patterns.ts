/** Regular expressions of conditions, matched in linear time by RE2's algorithm. */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { spend } from './budget.ts';
import { EvaluationMistake } from './errors.ts';

const patternLengthMax = 1_000;

/** Compiled patterns that are kept; a run may compute any number of them. */
const cacheSizeMax = 100;

/** Characters times instructions of the compiled pattern in the time of one step. */
const workPerStep = 16;

/** Steps for compiling an instruction of a pattern. */
const compileSteps = 50;

const compiled = new Map<string, RE2JS>();

/**
 * Whether the pattern matches anywhere in the string, as CEL defines `matches`. Compiling costs the
 * same steps if the pattern is cached, so that a replay exceeds its budget at the same moment.
 */
export function matchesPattern(text: string, source: string, isLiteral: boolean): boolean {
  if (!isLiteral) spend(source.length * compileSteps);
  const pattern = compile(source);
  const size = pattern.programSize();
  if (!isLiteral) spend(size * compileSteps);
  spend(Math.ceil((text.length * size) / workPerStep));
  return pattern.test(text);
}

/** What is wrong with a pattern, and what to know about it; undefined if it is valid. */
export function patternMistake(source: string): { message: string; hint?: string } | undefined {
  try {
    compile(source);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    const isPerl = /does not support/.test(message);
    const hint = 'there is no look-ahead, look-behind or backreference in RE2';
    return isPerl ? { message, hint } : { message };
  }
}

function compile(source: string): RE2JS {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  if (source.length > patternLengthMax) {
    const message = `the pattern has ${source.length} characters: the limit is ${patternLengthMax}`;
    throw new EvaluationMistake('bad-pattern', message);
  }
  try {
    const pattern = RE2JS.compile(source);
    if (compiled.size >= cacheSizeMax) compiled.clear();
    compiled.set(source, pattern);
    return pattern;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const message = `\`${source}\` is not a pattern: ${reasonOf(error)}`;
    throw new EvaluationMistake('bad-pattern', message);
  }
}

function reasonOf(error: RE2JSException): string {
  if (!(error instanceof RE2JSSyntaxException)) return error.message;
  const part = error.input === null || error.input === '' ? '' : ` \`${error.input}\``;
  // Backreferences and look-behind have messages of their own.
  if (/Perl syntax/.test(error.error) || /^(\\\d|\(\?<[=!])/.test(error.input ?? '')) {
    return `RE2 does not support${part}`;
  }
  return /closing/.test(error.error) ? error.error : `${error.error}${part}`;
}
