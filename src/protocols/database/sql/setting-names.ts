/** The settings of PostgreSQL that the simulation does not have. */
export const settingsNotModelled: ReadonlySet<string> = new Set([
  'backslash_quote', 'bytea_output', 'check_function_bodies', 'client_encoding',
  'client_min_messages', 'constraint_exclusion', 'cursor_tuple_fraction', 'datestyle',
  'default_tablespace', 'default_transaction_deferrable', 'default_transaction_read_only',
  'effective_cache_size', 'enable_hashjoin', 'enable_indexscan', 'enable_seqscan',
  'extra_float_digits', 'fsync', 'intervalstyle', 'jit', 'lc_messages', 'log_lock_waits',
  'log_statement', 'maintenance_work_mem', 'max_connections', 'max_locks_per_transaction',
  'max_parallel_workers', 'max_parallel_workers_per_gather', 'random_page_cost', 'role',
  'row_security', 'search_path', 'session_replication_role', 'shared_buffers',
  'standard_conforming_strings', 'synchronous_commit', 'temp_buffers', 'timezone',
  'transaction_deferrable', 'transaction_read_only', 'wal_level', 'work_mem',
]);
