/* The kinds of SQLite files this folder makes. */
#ifndef SHORTFALL_STORAGE_KINDS_H
#define SHORTFALL_STORAGE_KINDS_H

#include "sqlite.h"

extern const struct sql_kind journal_kind;
extern const struct sql_kind store_kind;
extern const struct sql_kind replay_kind; /* only to create a store */
extern const struct sql_kind delivered_kind;

#endif
