/** Blocks of PL/pgSQL: the body of DO. A block with EXCEPTION is a subtransaction. */
// As a statement, a block is executed again from its beginning after a wait: its journal says how
// each statement in it ended that has ended already.
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Block, BlockStatement, Statement } from '../sql/syntax.ts';
import type { Context, Result, Session } from '../state.ts';
import { notice } from './notices.ts';
import { beginSub, releaseSub, rollbackSub } from '../transactions/scopes.ts';

/** Executes a statement in a block, or continues it after a wait. */
type ExecuteInBlock = (context: Context, statement: Statement) => Result | 'waits';

export function executeBlock(
  context: Context,
  block: Block,
  execute: ExecuteInBlock,
): Result | 'waits' {
  const session = context.node.state.sessions[context.session];
  session.block ??= [];
  const result = new BlockRun(context, session, execute).block(block);
  if (result === 'waits') return result;
  session.block = null;
  return result ?? { type: 'done', tag: 'DO', count: 0 };
}

/** How a statement ended: undefined without an error. */
type Ending = SqlError | undefined;

class BlockRun {
  private at = 0;
  constructor(
    private readonly context: Context,
    private readonly session: Session,
    private readonly execute: ExecuteInBlock,
  ) {}

  block({ statements, handlers }: Block): Ending | 'waits' {
    if (handlers === null) return this.list(statements);
    this.once(() => beginSub(this.context, null));
    const ending = this.list(statements);
    if (ending === 'waits') return ending;
    if (ending === undefined) {
      this.once(() => releaseSub(this.context));
      return undefined;
    }
    this.once(() => rollbackSub(this.context));
    // OTHERS does not catch what cancels a statement.
    const handler = handlers.find(({ codes }) =>
      codes === null ? ending.code !== '57014' : codes.includes(ending.code),
    );
    return handler === undefined ? ending : this.list(handler.statements);
  }

  private list(statements: readonly BlockStatement[]): Ending | 'waits' {
    for (const statement of statements) {
      const ending = this.one(statement);
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  private one(statement: BlockStatement): Ending | 'waits' {
    switch (statement.type) {
      case 'null':
        return undefined;
      case 'block':
        return this.block(statement);
      case 'raise':
        if (statement.level === 'exception') return sqlError('P0001', statement.message);
        this.once(() => notice(this.context, '00000', statement.message));
        return undefined;
      case 'perform':
        return this.sql(statement.select);
      default:
        if (statement.type === 'select') {
          return sqlError('42601', 'query has no destination for result data');
        }
        return this.sql(statement);
    }
  }

  private sql(statement: Statement): Ending | 'waits' {
    const journal = this.session.block!;
    const known = journal[this.at];
    if (known !== undefined) {
      this.at++;
      return known.error ?? undefined;
    }
    const raised = this.session.raised;
    this.session.raised = null;
    const result = raised ?? this.execute(this.context, statement);
    if (result === 'waits') return result;
    this.session.running = null;
    this.session.granted = '';
    const error = isError(result) ? result : null;
    journal.push({ error });
    this.at++;
    return error ?? undefined;
  }

  private once(act: () => void): void {
    const journal = this.session.block!;
    if (this.at === journal.length) {
      act();
      journal.push({ error: null });
    }
    this.at++;
  }
}
