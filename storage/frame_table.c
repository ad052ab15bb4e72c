/* The table of frames and its chain: a hash over the hash before it and everything the
 * row says, so that no row can be changed, added or taken away unseen. */
#include "frame_table.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

struct frame_chain frame_chain_start(void)
{
    return (struct frame_chain){.pos = 0, .seq = 0, .clock = TIME_NONE, .hash = {0}};
}

/* Little-endian; returns the place behind it. */
static uint8_t *put_number(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *at++ = (uint8_t)(value >> (8 * i));
    return at;
}

/* Lengths stand before the parts of variable length, so that nothing can move from one
 * into the next under the same hash. */
static void hash_frame(const uint8_t previous[FRAME_HASH_SIZE], const struct frame *frame,
                       uint8_t out[FRAME_HASH_SIZE])
{
    uint8_t header[FRAME_HASH_SIZE + 5 * 8 + 4 * 4];
    uint8_t *at = header;
    crypto_generichash_state state;

    memcpy(at, previous, FRAME_HASH_SIZE);
    at = put_number(at + FRAME_HASH_SIZE, frame->pos, 8);
    at = put_number(at, frame->first_seq, 8);
    at = put_number(at, frame->events, 4);
    at = put_number(at, (uint64_t)frame->clock, 8);
    at = put_number(at, (uint64_t)frame->type, 4);
    at = put_number(at, frame->number, 8);
    at = put_number(at, frame->producer.len, 4);
    at = put_number(at, frame->cursor.len, 4);
    at = put_number(at, frame->body.len, 8);
    assert(at == header + sizeof(header));

    crypto_generichash_init(&state, NULL, 0, FRAME_HASH_SIZE);
    crypto_generichash_update(&state, header, sizeof(header));
    crypto_generichash_update(&state, (const uint8_t *)frame->producer.at,
                              frame->producer.len);
    crypto_generichash_update(&state, frame->cursor.at, frame->cursor.len);
    crypto_generichash_update(&state, frame->body.at, frame->body.len);
    crypto_generichash_final(&state, out, FRAME_HASH_SIZE);
}

static void move_chain(struct frame_chain *chain, const struct frame *frame,
                       const uint8_t hash[FRAME_HASH_SIZE])
{
    chain->pos = frame->pos;
    chain->seq = frame->first_seq + frame->events - 1;
    chain->clock = frame->clock;
    memcpy(chain->hash, hash, FRAME_HASH_SIZE);
}

void frame_chain_append(struct frame_chain *chain, struct frame *frame)
{
    frame->pos = chain->pos + 1;
    frame->first_seq = chain->seq + 1;
    hash_frame(chain->hash, frame, frame->hash);
    move_chain(chain, frame, frame->hash);
}

enum status frame_chain_check(struct frame_chain *chain, const struct frame *frame,
                              struct why *why)
{
    uint8_t hash[FRAME_HASH_SIZE];
    unsigned long long expected = (unsigned long long)chain->pos + 1;

    if (frame->pos != expected)
        return why_set(why, ST_CORRUPT, "frame %llu is missing", expected);
    if (frame->first_seq != chain->seq + 1)
        return why_set(why, ST_CORRUPT, "frame %llu begins with event %llu, not %llu",
                       expected, (unsigned long long)frame->first_seq,
                       (unsigned long long)chain->seq + 1);
    hash_frame(chain->hash, frame, hash);
    if (memcmp(hash, frame->hash, sizeof(hash)) != 0)
        return why_set(why, ST_CORRUPT, "frame %llu does not agree with its hash",
                       expected);
    move_chain(chain, frame, hash);
    return ST_OK;
}

enum status frame_check(const struct frame *frame, struct why *why)
{
    const struct {
        const char *noun;
        unsigned long long value, max;
    } limits[] = {
        {"events", frame->events, FRAME_EVENTS_MAX},
        {"bytes of body", frame->body.len, FRAME_BODY_MAX},
        {"bytes of cursor", frame->cursor.len, FRAME_CURSOR_MAX},
        {"as its type", frame->type, FRAME_TYPE_COUNT - 1},
    };

    if (!frame_producer_is_valid(frame->producer))
        return why_set(why, ST_INVALID, "\"%.*s\" is no name of a producer",
                       TEXT_ARGS(frame->producer));
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (limits[i].value > limits[i].max)
            return why_set(why, ST_INVALID,
                           "a frame with %llu %s, at most %llu are allowed",
                           limits[i].value, limits[i].noun, limits[i].max);
    }
    return ST_OK;
}

enum status frame_insert(sqlite3_stmt *insert, const struct frame *frame, struct why *why)
{
    struct sql_args args = sql_args_of(insert);

    sql_put_uint(&args, frame->pos);
    sql_put_uint(&args, frame->first_seq);
    sql_put_uint(&args, frame->events);
    sql_put_int(&args, frame->clock);
    sql_put_int(&args, frame->type);
    sql_put_text(&args, frame->producer);
    sql_put_uint(&args, frame->number);
    sql_put_bytes(&args, frame->cursor.at, frame->cursor.len);
    sql_put_bytes(&args, frame->hash, FRAME_HASH_SIZE);
    sql_put_bytes(&args, frame->body.at, frame->body.len);
    return sql_run(insert, why);
}

enum status frame_read(sqlite3_stmt *row, struct frame *out, struct why *why)
{
    struct sql_fields fields = sql_fields_of(row);
    struct frame frame = {.pos = sql_get_uint(&fields)};
    enum status st;

    frame.first_seq = sql_get_uint(&fields);
    frame.events = (uint32_t)sql_get_int(&fields, 0, FRAME_EVENTS_MAX);
    frame.clock = sql_get_int(&fields, INT64_MIN, INT64_MAX);
    frame.type = (enum frame_type)sql_get_int(&fields, 0, FRAME_TYPE_COUNT - 1);
    frame.producer = sql_get_text(&fields, FRAME_PRODUCER_MAX);
    frame.number = sql_get_uint(&fields);
    frame.cursor = sql_get_bytes(&fields, FRAME_CURSOR_MAX);
    sql_get_exactly(&fields, frame.hash, FRAME_HASH_SIZE);
    frame.body = sql_get_bytes(&fields, FRAME_BODY_MAX);
    st = sql_get_end(&fields, why);
    if (st)
        return why_wrap(why, st, "frame %llu", (unsigned long long)frame.pos);
    *out = frame;
    return ST_OK;
}

void frame_seek(sqlite3_stmt *after, uint64_t pos)
{
    struct sql_args args = sql_args_of(after);

    sqlite3_reset(after);
    sql_put_uint(&args, pos);
}

/* The chain before the last frame: the frame before it, or what the file begins with. */
static enum status chain_before(sqlite3_stmt *row, uint64_t last_pos,
                                const struct frame_chain *start, struct frame_chain *out,
                                struct why *why)
{
    struct frame frame = {.pos = 0};
    enum status st;

    if (last_pos == start->pos + 1) {
        *out = *start;
        return ST_OK;
    }
    frame_seek(row, last_pos - 2);
    st = sql_row(row, why);
    if (!st)
        st = frame_read(row, &frame, why);
    if (st)
        return st;
    if (frame.pos != last_pos - 1)
        return why_set(why, ST_CORRUPT, "frame %llu is missing",
                       (unsigned long long)last_pos - 1);
    move_chain(out, &frame, frame.hash);
    return ST_OK;
}

static enum status check_last(sqlite3_stmt *row, uint64_t last_pos,
                              const struct frame_chain *start, struct frame_chain *out,
                              struct why *why)
{
    struct frame_chain chain = *start;
    struct frame frame = {.pos = 0};
    enum status st = chain_before(row, last_pos, start, &chain, why);

    if (st)
        return st;
    frame_seek(row, last_pos - 1);
    st = sql_row(row, why);
    if (!st)
        st = frame_read(row, &frame, why);
    if (!st)
        st = frame_chain_check(&chain, &frame, why);
    if (!st)
        *out = chain;
    return st;
}

enum status frame_table_end(sqlite3 *db, const struct frame_chain *start,
                            struct frame_chain *out, struct why *why)
{
    static const char *const after = FRAME_AFTER;
    const char *path = sqlite3_db_filename(db, "main");
    sqlite3_stmt *row = NULL;
    int64_t last_pos = 0;
    enum status st =
        sql_number(db, "SELECT coalesce(max(pos), 0) FROM frame", &last_pos, why);

    if (st)
        return st;
    if (last_pos == 0) {
        *out = *start;
        return ST_OK;
    }
    if (last_pos < 0 || (uint64_t)last_pos <= start->pos)
        return why_set(why, ST_CORRUPT, "%s: frame %lld cannot stand there", path,
                       (long long)last_pos);
    st = sql_prepare(db, &after, 1, &row, why);
    if (st)
        return st;
    st = check_last(row, (uint64_t)last_pos, start, out, why);
    sql_finalize(&row, 1);
    if (st)
        return why_wrap(why, st, "%s", path);
    return ST_OK;
}
