/** Locks of rows, tables and advisory ones, conflicts of keys, and what is tested again. */
export const locks = `
# on conflict do update waits then where
A: BEGIN
A: INSERT INTO t VALUES (9, 1, 'x')
B: INSERT INTO t VALUES (9, 2, 'y') ON CONFLICT (id) DO UPDATE SET v = t.v + excluded.v WHERE t.v < 5 RETURNING *
C: INSERT INTO t VALUES (9, 3, 'z') ON CONFLICT DO NOTHING RETURNING *
A: COMMIT
# on conflict rows updated by another
A: BEGIN
A: UPDATE t SET v = 11, id = 12 WHERE id = 1
B: INSERT INTO t VALUES (1, 2, 'y') ON CONFLICT (id) DO UPDATE SET v = 99 RETURNING *
A: COMMIT
# on conflict rows updated by another rollback
A: BEGIN
A: UPDATE t SET v = 11, id = 12 WHERE id = 1
B: INSERT INTO t VALUES (1, 2, 'y') ON CONFLICT (id) DO UPDATE SET v = 99 RETURNING *
A: ROLLBACK
# on conflict two unique columns
! CREATE TABLE par (id integer PRIMARY KEY, u integer UNIQUE, v integer)
! INSERT INTO par VALUES (1, 1, 0), (2, 2, 0)
A: BEGIN
A: INSERT INTO par VALUES (3, 3, 0)
B: INSERT INTO par VALUES (4, 3, 0) ON CONFLICT (id) DO NOTHING
C: INSERT INTO par VALUES (5, 3, 0) ON CONFLICT (u) DO UPDATE SET v = 1 RETURNING *
A: COMMIT
? SELECT * FROM par ORDER BY id
# on conflict do nothing serializable
A: BEGIN ISOLATION LEVEL SERIALIZABLE
A: SELECT count(*) FROM t
B: INSERT INTO t VALUES (9, 1, 'x')
A: INSERT INTO t VALUES (9, 2, 'y') ON CONFLICT DO NOTHING
A: ROLLBACK
A: BEGIN ISOLATION LEVEL REPEATABLE READ
A: SELECT count(*) FROM t
B: UPDATE t SET v = 5 WHERE id = 9
A: INSERT INTO t VALUES (9, 2, 'y') ON CONFLICT (id) DO UPDATE SET v = 7
A: ROLLBACK
# on conflict with a deleted row in the same transaction
A: BEGIN
A: DELETE FROM t WHERE id = 1
A: INSERT INTO t VALUES (1, 7, 'n') ON CONFLICT DO NOTHING RETURNING id
B: INSERT INTO t VALUES (1, 8, 'm') ON CONFLICT (id) DO UPDATE SET v = excluded.v RETURNING v
A: COMMIT
# advisory two keyspaces
A: SELECT pg_advisory_lock(1)
B: SELECT pg_try_advisory_lock(0, 1), pg_try_advisory_lock(1), pg_try_advisory_lock_shared(1)
A: SELECT pg_advisory_lock_shared(1)
A: SELECT pg_advisory_unlock(1)
B: SELECT pg_try_advisory_lock_shared(1)
B: SELECT pg_advisory_unlock_shared(1), pg_advisory_unlock_shared(1), pg_advisory_unlock(1)
A: SELECT pg_advisory_unlock_all()
B: SELECT pg_try_advisory_lock(1)
B: SELECT pg_advisory_unlock_all()
# advisory upgrade deadlock
A: SELECT pg_advisory_lock_shared(1)
B: SELECT pg_advisory_lock_shared(1)
A: SELECT pg_advisory_lock(1)
B: SELECT pg_advisory_lock(1)
B: SELECT pg_advisory_unlock_all()
A: SELECT pg_advisory_unlock_all()
# advisory xact in autocommit and savepoint
A: SELECT pg_advisory_xact_lock(3)
B: SELECT pg_try_advisory_xact_lock(3)
A: BEGIN
A: SAVEPOINT s
A: SELECT pg_advisory_lock(4)
A: SELECT pg_advisory_xact_lock(5)
A: ROLLBACK TO s
B: SELECT pg_try_advisory_lock(4), pg_try_advisory_lock(5)
A: ROLLBACK
B: SELECT pg_try_advisory_lock(4)
B: SELECT pg_advisory_unlock_all()
A: SELECT pg_advisory_unlock_all()
# advisory in pg_locks
A: SELECT pg_advisory_lock(7)
A: SELECT pg_advisory_lock(1, 2)
A: SELECT classid, objid, objsubid, mode, granted FROM pg_locks WHERE locktype = 'advisory' ORDER BY objid
A: SELECT pg_advisory_unlock_all()
A: SELECT pg_advisory_unlock(7)
# savepoint of locks
A: BEGIN
A: SAVEPOINT a
A: SELECT id FROM t WHERE id = 1 FOR UPDATE
A: SAVEPOINT b
A: UPDATE t SET v = 0 WHERE id = 2
B: SELECT id FROM t WHERE id <= 3 FOR UPDATE SKIP LOCKED
A: ROLLBACK TO b
B: SELECT id FROM t WHERE id <= 3 FOR UPDATE SKIP LOCKED
A: ROLLBACK TO a
B: SELECT id FROM t WHERE id <= 3 FOR UPDATE SKIP LOCKED
A: RELEASE b
A: ROLLBACK
# savepoint lock strength upgrade and rollback
A: BEGIN
A: SELECT id FROM t WHERE id = 1 FOR SHARE
A: SAVEPOINT a
A: SELECT id FROM t WHERE id = 1 FOR UPDATE
B: SELECT id FROM t WHERE id = 1 FOR SHARE NOWAIT
A: ROLLBACK TO a
B: SELECT id FROM t WHERE id = 1 FOR SHARE NOWAIT
B: SELECT id FROM t WHERE id = 1 FOR UPDATE NOWAIT
A: COMMIT
# savepoint nested release then rollback
A: BEGIN
A: SAVEPOINT a
A: UPDATE t SET v = 1 WHERE id = 1
A: SAVEPOINT b
A: UPDATE t SET v = 2 WHERE id = 1
A: RELEASE b
A: ROLLBACK TO a
A: SELECT v FROM t WHERE id = 1
A: UPDATE t SET v = 3 WHERE id = 1
A: COMMIT
# savepoint same name
A: BEGIN
A: SAVEPOINT a
A: UPDATE t SET v = 1 WHERE id = 1
A: SAVEPOINT a
A: UPDATE t SET v = 2 WHERE id = 1
A: ROLLBACK TO a
A: SELECT v FROM t WHERE id = 1
A: RELEASE a
A: ROLLBACK TO a
A: SELECT v FROM t WHERE id = 1
A: COMMIT
# recheck join and CTE
A: BEGIN
A: UPDATE t SET v = v + 1 WHERE id = 1
B: WITH x AS (SELECT id, v FROM t WHERE id = 1 FOR UPDATE) UPDATE t SET v = x.v * 10 FROM x WHERE t.id = x.id RETURNING t.v
A: COMMIT
# recheck max subquery
A: BEGIN
A: UPDATE t SET v = 100 WHERE id = 1
B: UPDATE t SET v = (SELECT max(v) FROM t) WHERE id = 1 RETURNING v
A: COMMIT
# recheck limit skip
A: BEGIN
A: UPDATE job SET state = 'run' WHERE id = 1
B: SELECT id FROM job WHERE state = 'new' ORDER BY prio LIMIT 1 FOR UPDATE
A: COMMIT
# recheck limit with order by a changed column
A: BEGIN
A: UPDATE job SET prio = 10 WHERE id = 1
B: SELECT id, prio FROM job ORDER BY prio LIMIT 2 FOR UPDATE
A: COMMIT
# job queue with delete
A: BEGIN
A: DELETE FROM job WHERE id = (SELECT id FROM job ORDER BY prio DESC FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id
B: DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 'new' ORDER BY prio DESC LIMIT 2 FOR UPDATE SKIP LOCKED) RETURNING id
C: SELECT count(*) FROM job
A: ROLLBACK
C: SELECT id FROM job ORDER BY prio DESC LIMIT 1 FOR UPDATE SKIP LOCKED
? SELECT * FROM job ORDER BY id
# job claim with heartbeat CTE
A: WITH c AS (SELECT id FROM job WHERE state = 'new' ORDER BY prio, id LIMIT 3 FOR UPDATE SKIP LOCKED) UPDATE job j SET state = 'run', owner = 'A' FROM c WHERE j.id = c.id RETURNING j.id, j.state
B: WITH c AS MATERIALIZED (SELECT id FROM job WHERE state = 'new' LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) UPDATE job SET owner = 'B' WHERE id IN (SELECT id FROM c) RETURNING *
C: UPDATE job SET state = 'new', owner = null WHERE state = 'run' AND owner = 'A' RETURNING id
? SELECT * FROM job ORDER BY id
# deadlock four ways
A: BEGIN
B: BEGIN
A: UPDATE acct SET bal = bal - 10 WHERE id = 1
B: SELECT bal FROM acct WHERE id = 2 FOR SHARE
A: UPDATE acct SET bal = bal + 10 WHERE id = 2
B: UPDATE acct SET bal = 0 WHERE id = 1
A: COMMIT
B: COMMIT
? SELECT * FROM acct ORDER BY id
# deadlock table upgrade
A: BEGIN
B: BEGIN
A: LOCK TABLE t IN SHARE MODE
B: LOCK TABLE t IN SHARE MODE
A: UPDATE t SET v = 1 WHERE id = 1
B: UPDATE t SET v = 2 WHERE id = 2
A: COMMIT
B: COMMIT
# deadlock unique
A: BEGIN
B: BEGIN
A: INSERT INTO t VALUES (8, 1, 'a')
B: INSERT INTO t VALUES (9, 1, 'a')
A: INSERT INTO t VALUES (9, 1, 'a')
B: INSERT INTO t VALUES (8, 1, 'a')
A: COMMIT
B: COMMIT
# deadlock foreign key upgrade
A: BEGIN
B: BEGIN
A: INSERT INTO child VALUES (1, 1)
B: INSERT INTO child VALUES (2, 1)
A: SELECT id FROM t WHERE id = 1 FOR UPDATE
B: SELECT id FROM t WHERE id = 1 FOR UPDATE
A: COMMIT
B: COMMIT
# conflict on a secondary key
! create table par (id integer primary key, u text unique, v integer, unique (u, v))
A: begin; insert into par values (1, 'a', 1)
B: insert into par values (2, 'a', 2) on conflict (u) do nothing returning id
C: insert into par values (1, 'b', 2) on conflict do nothing returning id
A: rollback
? select * from par order by id
# conflict key locked
A: begin; select id from t where id=1 for update
B: insert into t values (1, 0, 'x') on conflict do nothing returning id
B: insert into t values (1, 0, 'x') on conflict (id) do update set v = 5 returning v
A: commit
# conflict key share locked
A: begin; select id from t where id=1 for key share
B: insert into t values (1, 0, 'x') on conflict (id) do update set v = 5 returning v
C: insert into t values (1, 0, 'x') on conflict (id) do update set id = 9 returning v
A: commit
# conflict where false waits
A: begin; update t set v = 100 where id = 1
B: insert into t values (1, 0, 'x') on conflict (id) do update set v = 5 where t.v < 50 returning v
A: commit
# recheck or
A: begin; update t set v = 15 where id = 2
B: update t set grp = 'z' where v = 10 or v = 15 or v = 20 returning id, v
A: commit
# recheck not exists
A: begin; insert into child values (1, 1); update t set v = 11 where id = 1
B: update t set grp = 'z' where id = 1 and not exists (select 1 from child where tid = t.id) returning id
A: commit
# recheck correlated subselect same row
A: begin; update t set v = 11 where id = 1
B: update t set grp = 'z' where id = 1 and v = (select v from t x where x.id = t.id) returning id, v
A: commit
# recheck select for update with expression list
A: begin; update t set v = 11 where id = 1
B: select id, v, (select v from t x where x.id = t.id), v * 2 from t where id = 1 for update
A: commit
# recheck from join update
A: begin; update acct set bal = 5 where id = 1
B: update t set v = a.bal from acct a where a.id = t.id and a.bal > 50 returning t.id, t.v
A: commit
# recheck update from with target changed
A: begin; update t set v = 5 where id = 1
B: update t set v = t.v + a.bal from acct a where a.id = t.id returning t.id, t.v
A: commit
# recheck delete using
A: begin; update t set v = 5 where id = 1
B: delete from t using acct a where a.id = t.id and t.v >= 10 returning t.id
A: commit
# recheck in subquery for update
A: begin; update t set grp = 'b' where id = 1
B: select id, grp from t where id in (select id from t where grp = 'a' for update) order by id
A: commit
# recheck group locked subselect sum
A: begin; update t set v = 1000 where id = 1
B: select sum(v) from (select v from t where grp = 'a' for share) x
A: commit
# recheck union of updates by A twice
A: begin; update t set v = v + 1 where id = 1; update t set v = v + 1 where id = 1
B: update t set v = v * 2 where id = 1 returning v
A: commit
# chain of waiters
A: begin; update t set v = v + 1 where id = 1
B: begin; update t set v = v * 2 where id = 1 returning v
A: commit
C: update t set v = v - 5 where id = 1 returning v
B: commit
# moved key away and back
A: begin; update t set id = 9 where id = 1; update t set id = 1 where id = 9
B: update t set v = 0 where id = 1 returning v
A: commit
# pg_locks of a waiter
A: begin; update t set v=0 where id=1
B: begin; update t set v=1 where id=1
A: select locktype, mode, granted from pg_locks where locktype in ('tuple', 'transactionid') order by 1, 2, 3
A: select mode, granted from pg_locks where locktype = 'relation' and relation = 't'::regclass order by 1
A: commit
B: commit
`;
