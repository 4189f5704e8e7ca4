/** Tables and indexes that several sessions create, and indexes on a part of the rows. */
export const names = `
# create table of the same name, committed
A: begin; create table zz (a int)
B: create table zz (b int)
A: commit
B: select * from zz
# create table of the same name, rolled back
A: begin; create table zz (a int)
B: create table zz (b int)
A: rollback
B: insert into zz (b) values (1) returning b
# create table if not exists of the same name
A: begin; create table zz (a int)
B: create table if not exists zz (b int)
A: commit
B: create table if not exists zz (b int)
# a savepoint gives the name back
A: begin; savepoint s; create table zz (a int)
B: create table zz (b int)
A: rollback to s
A: commit
# others do not see a table before its commit
A: begin; create table zz (a int)
B: select * from zz
B: insert into zz values (1)
B: drop table zz
B: drop table if exists zz
B: truncate zz
A: commit
B: select * from zz
# a table that is being dropped still has its name
A: begin; drop table child
B: create table child (b int)
B: create table if not exists child (b int)
A: commit
B: create table child (b int)
# two names, a deadlock
A: begin; create table zz (a int)
B: begin; create table yy (a int)
B: create table zz (a int)
A: create table yy (a int)
A: commit
B: commit
# create index of the same name
A: begin; create index foo on t (v)
B: create index foo on t (grp)
A: commit
# a key of a partial index
! create unique index one_large on t (grp) where v > 35
A: begin; update t set v = 100 where id = 3
B: insert into t values (9, 200, 'a')
B: begin; update t set v = 36 where id = 1
A: commit
B: commit
C: update t set v = 99 where id = 2
C: insert into t values (8, 1, 'b') returning id
# on conflict with a partial index
! create unique index one_large on t (grp) where v > 35
A: begin; insert into t values (9, 90, 'a') on conflict (grp) where v > 35 do nothing
B: insert into t values (8, 80, 'a') on conflict (grp) where v > 35 do update set v = t.v + 1 returning id, v
A: commit
# rows that were rolled back are not in a new index
A: begin; update t set grp = 'c' where id = 4; rollback
A: begin; delete from t where id = 5; insert into t values (6, 1, 'c'); rollback
A: create unique index on t (grp) where v > 35
B: create unique index on t (grp)
# the columns of a partial index are not a key of the row
! create unique index one_large on t (grp) where v > 35
A: begin; update t set grp = 'z' where id = 4
B: select id from t where id = 4 for key share nowait
A: commit
# numbers of a sequence
! create table o (id serial primary key, v int)
A: begin; insert into o (v) values (1); select setval('o_id_seq', 10)
B: insert into o (v) values (2) returning id
A: rollback
B: alter sequence o_id_seq restart with 40
B: insert into o (v) values (3) returning id
`;
