/* The journal as the recorder finds or makes it: with its opening frame, and with what
 * its feeds have promised so far. */
#ifndef SHORTFALL_DAEMONS_RECORDER_JOURNAL_H
#define SHORTFALL_DAEMONS_RECORDER_JOURNAL_H

#include "recorder_feeds.h"
#include "recorder_stamp.h"

#include "shortfall/storage/journal.h"

/* Writes the opening frame if the journal is empty: its clock and feeds are those of
 * `wanted`. ST_IO and the like. */
MUST_USE enum status recorder_begin_journal(struct journal *j, const struct feeds *wanted,
                                            struct stamp *stamp, struct why *why);

/* Reads the opening of a journal that has one, and of an exercise journal all promises.
 * `stream_id` becomes the opening's hash, which no other journal has. ST_CORRUPT: there
 * is no opening, or what is recorded cannot be read. */
MUST_USE enum status recorder_read_journal(const char *dir, struct feeds *feeds,
                                           uint8_t stream_id[FRAME_HASH_SIZE],
                                           struct why *why);

#endif
