/* The kinds of SQLite files: which program they belong to, their schema and its version,
 * how sure a commit must be. An application id is never changed. */
#include "kinds.h"

#include "migrations.h"

static const struct sql_step journal_steps[] = {
    {1, sql_frame_001}, {1, sql_journal_001}, {0, NULL}};
static const struct sql_step store_steps[] = {
    {1, sql_frame_001}, {1, sql_store_001}, {0, NULL}};
static const struct sql_step delivered_steps[] = {{1, sql_delivered_001}, {0, NULL}};

const struct sql_kind journal_kind = {
    .noun = "journal file",
    .application_id = 0x53664a31, /* "SfJ1" */
    .version = 1,
    .page_size = 32768, /* a frame of 256 events is about 25 kB */
    .full_sync = true,
    .auto_checkpoint = false, /* at a quiet moment, by the journal */
    .steps = journal_steps,
};

/* NORMAL may lose the last commits at a power cut, never tear one: what is lost is made
 * again from the journal. */
const struct sql_kind store_kind = {
    .noun = "store",
    .application_id = 0x53665331, /* "SfS1" */
    .version = 1,
    .page_size = 4096,
    .full_sync = false,
    .auto_checkpoint = true,
    .steps = store_steps,
};

/* A replay keeps the frames themselves, which need pages of a journal's size. */
const struct sql_kind replay_kind = {
    .noun = "store",
    .application_id = 0x53665331, /* a store, to everybody else */
    .version = 1,
    .page_size = 32768,
    .full_sync = false,
    .auto_checkpoint = true,
    .steps = store_steps,
};

const struct sql_kind delivered_kind = {
    .noun = "delivered ledger",
    .application_id = 0x53664431, /* "SfD1" */
    .version = 1,
    .page_size = 4096,
    .full_sync = true,
    .auto_checkpoint = true,
    .steps = delivered_steps,
};
