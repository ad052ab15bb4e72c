/* msgpack-c's packing routines, made for a bounded buffer. Its own packer hands every few
 * bytes to a function through a pointer; its template, made for a sink, is straight code
 * and more than twice as fast. Must never write beyond `size`. */
#include "sink.h"

#include <msgpack/pack_define.h>
#include <msgpack/timestamp.h>
#include <string.h>

typedef struct sink *sink_user; /* the template wants one word for a parameter's type */

static inline int sink_write(struct sink *s, const void *from, size_t len)
{
    if (s->full || len > s->size - s->len) {
        s->full = true;
        return -1;
    }
    memcpy(s->at + s->len, from, len);
    s->len += len;
    return 0;
}

#define msgpack_pack_inline_func(name)       static inline int msgpack_pack##name
#define msgpack_pack_user                    sink_user
#define msgpack_pack_append_buffer(s, at, n) return sink_write((s), (at), (n))
#include <msgpack/pack_template.h>

void sink_open(struct sink *s, uint8_t *at, size_t size)
{
    *s = (struct sink){.at = at, .size = size};
}

enum status sink_close(const struct sink *s, size_t *len)
{
    if (s->full)
        return ST_FULL;
    *len = s->len;
    return ST_OK;
}

/* The results of msgpack-c's functions are those of sink_write, which remembers. */

void sink_int(struct sink *s, int64_t value)
{
    (void)msgpack_pack_int64(s, value);
}

void sink_uint(struct sink *s, uint64_t value)
{
    (void)msgpack_pack_uint64(s, value);
}

void sink_flag(struct sink *s, bool value)
{
    (void)(value ? msgpack_pack_true(s) : msgpack_pack_false(s));
}

void sink_nil(struct sink *s)
{
    (void)msgpack_pack_nil(s);
}

void sink_text(struct sink *s, struct text value)
{
    (void)msgpack_pack_str(s, value.len);
    if (value.len > 0)
        (void)msgpack_pack_str_body(s, value.at, value.len);
}

void sink_code(struct sink *s, const char *value)
{
    sink_text(s, text_of(value));
}

void sink_bytes(struct sink *s, const uint8_t *at, size_t len)
{
    (void)msgpack_pack_bin(s, len);
    if (len > 0)
        (void)msgpack_pack_bin_body(s, at, len);
}

void sink_list(struct sink *s, size_t len)
{
    (void)msgpack_pack_array(s, len);
}

void sink_map(struct sink *s, size_t pairs)
{
    (void)msgpack_pack_map(s, pairs);
}
