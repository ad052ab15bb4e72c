/* The schema's scripts, made into strings from migrations/<name>-<version>.sql. A script
 * that was released is never changed: a new version gets a script of its own. */
#ifndef SHORTFALL_STORAGE_MIGRATIONS_H
#define SHORTFALL_STORAGE_MIGRATIONS_H

extern const char sql_frame_001[];
extern const char sql_journal_001[];
extern const char sql_store_001[];
extern const char sql_delivered_001[];

#endif
