/** The order in which searches find rows, and intervals, names and settings. */
export const searches = `
# intervals
A: SELECT interval '36 hours', interval '1 day 12 hours', interval '1 day' * 1.5, interval '5 min' * 300, interval '1 week'
A: SELECT timestamptz '2026-03-01 10:00:00+00' - timestamptz '2026-02-27 09:30:00+00', interval '1 day' - interval '25 hours', interval '2 days' / 3
A: SELECT interval '1 day' = interval '24 hours', interval '-1 day', - interval '1 day 1 hour', interval '1 day ago', interval '-30 hours', interval '1.5 days'
A: SELECT sum(x) FROM (VALUES (interval '20 hours'), (interval '8 hours'), (interval '1 day')) s(x)
A: SELECT timestamptz '2026-03-01 10:00:00+00' + interval '1 day 36 hours', interval '100:00:01.5', interval '1 day' < interval '25 hours'
# orders
! CREATE TABLE o (id integer PRIMARY KEY, v integer)
! INSERT INTO o VALUES (5,1),(3,1),(4,1),(1,1),(2,1)
A: SELECT id FROM o WHERE id >= 2
A: SELECT id FROM o WHERE id IN (1, 5, 3)
A: SELECT id FROM o WHERE id BETWEEN 2 AND 4 FOR UPDATE
A: UPDATE o SET v = 2 WHERE id = 3
A: SELECT id FROM o WHERE id >= 2
A: SELECT id FROM o
A: UPDATE o SET id = 9 WHERE id = 3
A: SELECT id FROM o WHERE id >= 2
A: SELECT id FROM o WHERE id >= 2 ORDER BY id
A: SELECT id FROM o WHERE id = 2 OR id = 5 OR id = 9
A: SELECT id FROM o WHERE id = ANY (ARRAY[9, 2, 5])
A: UPDATE o SET v = 3 WHERE id > 1 RETURNING id
A: SELECT id FROM o WHERE id > 1 LIMIT 3
A: DELETE FROM o WHERE id > 1 RETURNING id
? DROP TABLE o
# names
A: select * from (select 1, 2) x(a, b, c)
A: select * from generate_series(1,2) g(a, b)
A: with w(a, b) as (select 1) select * from w
A: with w(a) as (select 1, 2) select * from w
A: select pg_notify('', 'y')
A: select pg_notify(null, 'y')
A: select set_config('lock_timeout', '5s', false), current_setting('lock_timeout')
A: begin; select set_config('lock_timeout', '6s', true)
A: commit
A: show lock_timeout
A: set lock_timeout = 0
A: set statement_timeout=-1
A: set tcp_keepalives_idle=-1
A: begin; update t set v=0 where id=1
A: select mode, granted from pg_locks where locktype = 'relation' and relation = 't'::regclass order by 1
A: select relation::regclass, mode from pg_locks where relation = 't'::regclass order by 1, 2
A: rollback
# sized types
! CREATE TABLE par (id integer PRIMARY KEY, a varchar(3) DEFAULT 'ab', n numeric(5, 2), m numeric(3), c character varying(2) UNIQUE)
A: INSERT INTO par VALUES (1, 'abc', 1.005, 7.5, 'x') RETURNING *
A: INSERT INTO par VALUES (2, 'abcd')
A: INSERT INTO par VALUES (2, 'abc  ') RETURNING a || '.'
A: UPDATE par SET a = 'toolong' WHERE id = 1
A: UPDATE par SET n = 999.994, m = -999 WHERE id = 1 RETURNING n, m
A: UPDATE par SET n = 999.995 WHERE id = 1
A: UPDATE par SET n = n * 10 WHERE id = 1
A: INSERT INTO par (id, a, c) VALUES (3, 'grü', 5), (4, 12345, 6)
A: INSERT INTO par (id, c) VALUES (1, 'xy') ON CONFLICT (id) DO UPDATE SET a = excluded.c || '12' RETURNING a
A: INSERT INTO par (id, c) VALUES (1, 'xy') ON CONFLICT (id) DO UPDATE SET a = excluded.c || '1' RETURNING a
A: ALTER TABLE par ADD COLUMN z varchar(1) DEFAULT 'long'
A: INSERT INTO par (id, a) SELECT id + 10, a || 'x' FROM par
A: CREATE TABLE par2 (a varchar(1, 2))
A: CREATE TABLE par2 (a text(3))
A: CREATE TABLE par2 (a integer(3))
? SELECT id, a, n, m, c FROM par ORDER BY id
# timestamps without time zone
! CREATE TABLE par (id integer PRIMARY KEY, at timestamp, tz timestamptz, w timestamp without time zone DEFAULT '2026-01-01')
A: INSERT INTO par VALUES (1, '2026-03-01 10:00:00+02', '2026-03-01 10:00:00+02') RETURNING *
A: UPDATE par SET at = tz + interval '1 day', tz = at WHERE id = 1 RETURNING at, tz
A: SELECT at - tz, at < tz, at + interval '90 min', interval '1 hour' + at, tz - at, at - w, at - interval '1 day' FROM par
A: SELECT timestamp '2026-03-01 10:00:00' = timestamptz '2026-03-01 10:00:00+00', '2026-03-01'::timestamp, timestamp '2026-03-01 10:00:00.5'::text
A: SELECT 'x'::timestamptz
A: SELECT 'x'::interval
A: SELECT '2026-13-01'::timestamp
A: SELECT 'x'::timestamp
A: SELECT timestamp '2026-03-01 10:00:00' + 1
A: SELECT now()::timestamp = now()
A: SELECT max(at), min(tz), count(at) FROM par
A: INSERT INTO par (id, at) VALUES (2, 5)
? SELECT * FROM par ORDER BY id
`;
