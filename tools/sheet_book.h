/* The reports that count, kept while a database is folded: what a balance sheet breaks
 * its figures down into. Which revision stands is the core's verdict, never ours. */
#ifndef SHORTFALL_TOOLS_SHEET_BOOK_H
#define SHORTFALL_TOOLS_SHEET_BOOK_H

#include "shortfall/core/sheet.h"

struct sheet_book;

/* For the accounts of one country, or of all (PLACE_ANY). ST_NO_MEMORY. */
MUST_USE enum status sheet_book_new(place_id country, struct sheet_book **out,
                                    struct why *why);
void sheet_book_free(struct sheet_book *book);

/* A fold_watch_fn; `self` is the book. */
void sheet_book_watch(void *self, const struct event *ev, enum verdict verdict);

/* Whether an event that stands would be kept: a fold_wants_fn. */
bool sheet_book_wants(const void *self, const struct event *ev);

/* What world_sheet asks for one country, lent until the next call. ST_NO_MEMORY: also
 * when it was met while watching. */
MUST_USE enum status sheet_book_facts(struct sheet_book *book, place_id country,
                                      const struct sheet_fact **out, size_t *len,
                                      struct why *why);

#endif
