/* What a store holds, held against what a fold of its journal gives, in the order in
 * which it came about. Reads the store and changes nothing. */
#ifndef SHORTFALL_TOOLS_VERIFY_ROWS_H
#define SHORTFALL_TOOLS_VERIFY_ROWS_H

#include "shortfall/core/hash.h"
#include "shortfall/storage/store.h"

/* Where the two part, in words for a person. */
struct verify_finding {
    bool found;
    uint64_t pos; /* of the journal */
    char text[WHY_MAX];
};

void verify_find(struct verify_finding *finding, uint64_t pos, const char *format, ...)
    PRINTF_LIKE(3, 4);

struct verify_rows;

MUST_USE enum status verify_rows_new(struct store *store, struct verify_rows **out,
                                     struct why *why);
void verify_rows_free(struct verify_rows *rows);

/* Holds the next rows of a fold, all of which came about at `pos`, against those of the
 * store. */
MUST_USE enum status verify_alert(struct verify_rows *rows, const struct alert_row *row,
                                  uint64_t pos, struct verify_finding *finding,
                                  struct why *why);
void verify_quarantine(struct verify_rows *rows, const struct quarantine_row *row,
                       struct verify_finding *finding);

/* No more will come, or only what came about after `clock`: what the store holds beyond
 * that is found, the earliest of it, if it stands before what was found. `pos`: where the
 * fold stands. */
MUST_USE enum status verify_rest(struct verify_rows *rows, int64_t clock, uint64_t pos,
                                 struct verify_finding *finding, struct why *why);

/* How far a fold came, against what the store states of itself. */
void verify_cursor(const struct store_cursor *stored, const struct store_cursor *folded,
                   struct verify_finding *finding);

#endif
