/** The ways in which a search finds rows. */

/**
 * How rows are found, as PostgreSQL's planner chooses for a table without statistics: by the index
 * of the primary key for one key or for ORDER BY, in the order of the index; by a bitmap of that
 * index for several keys, in the order of the rows on their page; or by reading the whole table.
 * Under serializable a search by the index notes less as read.
 */
export type Path = 'index' | 'bitmap' | 'table';
