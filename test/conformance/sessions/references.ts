/** References between tables, definitions, and the locks of both. */
export const references = `
# cascade basic
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE ON UPDATE CASCADE)
! INSERT INTO kid VALUES (1,1),(2,1),(3,2),(4,null)
! CREATE TABLE kid2 (id integer PRIMARY KEY, k integer REFERENCES kid(id) ON DELETE SET NULL)
! INSERT INTO kid2 VALUES (1,1),(2,2),(3,3)
A: BEGIN
A: DELETE FROM par WHERE id = 1
A: SELECT * FROM kid ORDER BY id
A: SELECT * FROM kid2 ORDER BY id
A: UPDATE par SET id = 20 WHERE id = 2 RETURNING id
A: SELECT * FROM kid ORDER BY id
A: ROLLBACK
A: SELECT * FROM kid ORDER BY id
? SELECT * FROM kid2 ORDER BY id
# cascade waits for a child
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE, v integer)
! INSERT INTO kid VALUES (1,1),(2,1),(3,2),(4,null)
A: BEGIN
A: UPDATE kid SET v = 7 WHERE id = 2
B: BEGIN
B: DELETE FROM par WHERE id = 1
C: SELECT id FROM kid WHERE id <= 2 FOR UPDATE SKIP LOCKED
A: COMMIT
B: SELECT * FROM kid ORDER BY id
B: COMMIT
? SELECT * FROM kid ORDER BY id
# cascade and a child moved away
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE, v integer)
! INSERT INTO kid VALUES (1,1),(2,1),(3,2),(4,null)
A: BEGIN
A: UPDATE kid SET p = 3 WHERE id = 2
B: BEGIN
B: DELETE FROM par WHERE id = 1
A: COMMIT
B: SELECT * FROM kid ORDER BY id
B: COMMIT
? SELECT * FROM kid ORDER BY id
# cascade against a new child
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE, v integer)
! INSERT INTO kid VALUES (1,1)
A: BEGIN
A: INSERT INTO kid VALUES (9, 1)
B: DELETE FROM par WHERE id = 1
A: COMMIT
? SELECT * FROM kid ORDER BY id
# new child against cascade
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE SET NULL, v integer)
! INSERT INTO kid VALUES (1,1)
A: BEGIN
A: DELETE FROM par WHERE id = 1
B: INSERT INTO kid VALUES (9, 1)
A: COMMIT
? SELECT * FROM kid ORDER BY id
# cascade repeatable read, new child
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE, v integer)
! INSERT INTO kid VALUES (1,1)
A: BEGIN ISOLATION LEVEL REPEATABLE READ
A: SELECT * FROM par ORDER BY id
B: INSERT INTO kid VALUES (9, 1)
A: DELETE FROM par WHERE id = 1
A: ROLLBACK
? SELECT * FROM kid ORDER BY id
# cascade repeatable read, child updated
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE, v integer)
! INSERT INTO kid VALUES (1,1)
A: BEGIN ISOLATION LEVEL REPEATABLE READ
A: SELECT * FROM par ORDER BY id
B: UPDATE kid SET v = 1 WHERE id = 1
A: DELETE FROM par WHERE id = 1
A: ROLLBACK
? SELECT * FROM kid ORDER BY id
# set null on not null, and a check
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer NOT NULL REFERENCES par(id) ON DELETE SET NULL, v integer)
! INSERT INTO kid VALUES (1,1)
! CREATE TABLE kid2 (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE SET NULL, CHECK (p IS NOT NULL OR id > 5))
! INSERT INTO kid2 VALUES (1,2), (6, 3)
A: DELETE FROM par WHERE id = 1
A: DELETE FROM par WHERE id = 2
A: DELETE FROM par WHERE id = 3
? SELECT * FROM kid2 ORDER BY id
# restrict against no action
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON UPDATE RESTRICT, v integer)
! INSERT INTO kid VALUES (1,2)
! CREATE TABLE kid2 (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE RESTRICT)
! INSERT INTO kid2 VALUES (1,3)
A: UPDATE par SET id = id + 1
A: UPDATE par SET id = id - 1
A: UPDATE par SET id = 10 - id WHERE id IN (2)
A: DELETE FROM par WHERE id = 3
A: DELETE FROM par WHERE id = 2
? SELECT * FROM par ORDER BY id
# self reference
! CREATE TABLE tree (id integer PRIMARY KEY, p integer REFERENCES tree(id) ON DELETE CASCADE)
! INSERT INTO tree VALUES (1,null),(2,1),(3,1),(4,2),(5,4),(6,null)
A: DELETE FROM tree WHERE id = 1
A: DELETE FROM tree WHERE id = 6 RETURNING *
? SELECT * FROM tree ORDER BY id
# child table lock
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE, v integer)
! INSERT INTO kid VALUES (1,1)
A: BEGIN
A: LOCK TABLE kid IN SHARE MODE
B: DELETE FROM par WHERE id = 1
A: COMMIT
? SELECT * FROM kid ORDER BY id
# deadlock of cascade and child
! CREATE TABLE par (id integer PRIMARY KEY, x integer)
! INSERT INTO par VALUES (1,1),(2,2),(3,3)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(id) ON DELETE CASCADE, v integer)
! INSERT INTO kid VALUES (1,1)
A: BEGIN
A: UPDATE kid SET v = 1 WHERE id = 1
B: DELETE FROM par WHERE id = 1
A: UPDATE par SET x = 5 WHERE id = 1
? SELECT * FROM kid ORDER BY id
# drop and indexes
A: CREATE INDEX i1 ON t (v)
A: CREATE INDEX i1 ON t (v)
A: CREATE INDEX IF NOT EXISTS i1 ON t (v)
A: CREATE INDEX ON t (v)
A: CREATE INDEX ON t (v)
A: CREATE INDEX t ON t (v)
A: DROP INDEX t_v_idx1
A: DROP INDEX t_v_idx1
A: DROP INDEX t_pkey
A: DROP INDEX IF EXISTS nothing
A: CREATE UNIQUE INDEX u ON t (grp)
A: CREATE UNIQUE INDEX u ON t (v)
A: INSERT INTO t VALUES (9, 10, 'z')
A: DROP INDEX u
A: INSERT INTO t VALUES (9, 10, 'z')
A: ALTER TABLE t DROP COLUMN id
A: ALTER TABLE t DROP COLUMN v RESTRICT
A: TRUNCATE ONLY t CASCADE
# drop column with a check
! CREATE TABLE par (id integer PRIMARY KEY, x integer CHECK (x > 0), y integer, CHECK (x < y))
A: INSERT INTO par VALUES (1, 0, 2)
A: ALTER TABLE par DROP COLUMN x CASCADE
A: INSERT INTO par VALUES (1, 0)
? SELECT * FROM par
# null keys
! CREATE TABLE par (id integer PRIMARY KEY, u integer UNIQUE)
! INSERT INTO par VALUES (1,null),(2,5)
! CREATE TABLE kid (id integer PRIMARY KEY, p integer REFERENCES par(u))
! INSERT INTO kid VALUES (1,null),(2,5)
A: DELETE FROM par WHERE id = 1
A: UPDATE par SET u = null WHERE id = 2
A: UPDATE par SET u = 5 WHERE id = 2
? SELECT * FROM par ORDER BY id
# key share after for update and update
A: BEGIN
A: SELECT id FROM t WHERE id = 1 FOR UPDATE
A: UPDATE t SET v = 0 WHERE id = 1
B: BEGIN ISOLATION LEVEL REPEATABLE READ
B: SELECT id FROM t WHERE id = 1 FOR KEY SHARE
A: COMMIT
B: ROLLBACK
A: BEGIN
A: SELECT id FROM t WHERE id = 1 FOR UPDATE
A: SAVEPOINT s
A: UPDATE t SET v = 0 WHERE id = 1
B: BEGIN ISOLATION LEVEL REPEATABLE READ
B: SELECT id FROM t WHERE id = 1 FOR KEY SHARE
A: COMMIT
B: ROLLBACK
# deleted and inserted again under a new child
A: BEGIN
A: DELETE FROM t WHERE id = 1
B: INSERT INTO child VALUES (1, 1)
A: INSERT INTO t VALUES (1, 0, 'n')
A: COMMIT
? SELECT * FROM child
# child inserted and deleted under a delete
A: BEGIN
A: INSERT INTO child VALUES (1, 1)
B: DELETE FROM t WHERE id = 1
A: DELETE FROM child
A: COMMIT
? SELECT * FROM t
# child that moves away under a delete
! INSERT INTO child VALUES (1, 1)
A: BEGIN
A: UPDATE child SET tid = 2
B: DELETE FROM t WHERE id = 1
A: COMMIT
? SELECT * FROM t
# child that moves to the key under a delete
! INSERT INTO child VALUES (1, 2)
A: BEGIN
A: UPDATE child SET tid = 1
B: DELETE FROM t WHERE id = 1
A: COMMIT
? SELECT * FROM t
# swap keys
! INSERT INTO child VALUES (1, 2)
A: UPDATE t SET id = 3 - id WHERE id < 3
A: UPDATE t SET id = 8 WHERE id = 3
A: BEGIN
A: DELETE FROM t WHERE id = 2
A: ROLLBACK
? SELECT * FROM t
# a new reference and writers
A: begin
A: create table zz (id int references t(id))
B: set lock_timeout = '60ms'
B: update t set v=0 where id=5
B: select id from t where id=5 for update
B: insert into child values (1,1)
B: create table yy (id int references t(id))
A: rollback
B: reset lock_timeout
# alter with a foreign key on an empty table
A: begin
A: alter table child add constraint ff foreign key (id) references acct(id)
B: set lock_timeout = '60ms'
B: select * from child
B: insert into child values (1,1)
B: update acct set bal = 0 where id = 1
B: select bal from acct where id = 1 for update
B: lock table child in share mode
A: rollback
B: reset lock_timeout
# missing
A: create table zz (id int references nothing(id))
A: alter table child add constraint ff foreign key (nothing) references acct(id)
A: create table zz (id int references acct(bal))
A: alter table nothing add column x int
# drop under a reader
A: begin
A: select count(*) from child
B: drop table child
C: select count(*) from child
A: commit
# drop rolled back
B: begin
B: drop table child
C: select count(*) from child
B: rollback
# alter and a waiting reader
B: begin
B: alter table t add column z int default 5
C: select * from t where id = 1
A: insert into t values (9, 9, 'x')
B: commit
# truncate and a repeatable reader
A: begin isolation level repeatable read
A: select count(*) from acct
B: truncate t cascade
A: select count(*) from t
A: commit
# truncate waits for writer
A: begin
A: insert into t values (9,9,'x')
B: truncate t cascade
C: select count(*) from t
A: commit
# truncate rollback
A: begin
A: truncate t cascade
A: insert into t values (1,1,'y')
A: rollback
`;
