/** The system views, and their columns that PostgreSQL 15 has and the simulation does not. */

export type SystemView = 'pg_locks' | 'pg_stat_activity';

export function isSystemView(name: string): name is SystemView {
  return Object.hasOwn(viewColumnsNotModelled, name);
}

export const viewColumnsNotModelled: Readonly<Record<SystemView, readonly string[]>> = {
  pg_locks: [
    'database', 'page', 'virtualxid', 'virtualtransaction', 'fastpath', 'waitstart',
  ],
  pg_stat_activity: [
    'datid', 'datname', 'leader_pid', 'usesysid', 'client_addr', 'client_hostname',
    'client_port', 'backend_xmin', 'query_id',
  ],
};
