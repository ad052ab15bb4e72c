/* The bounded buffer behind msgpack-c's packer. Must never write beyond `size`. */
#include "sink.h"

#include <string.h>

static int sink_write(void *self, const char *from, size_t len)
{
    struct sink *s = self;
    if (s->full || len > s->size - s->len) {
        s->full = true;
        return -1;
    }
    if (len)
        memcpy(s->at + s->len, from, len);
    s->len += len;
    return 0;
}

void sink_open(struct sink *s, uint8_t *at, size_t size)
{
    *s = (struct sink){.at = at, .size = size};
    msgpack_packer_init(&s->packer, s, sink_write);
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
    (void)msgpack_pack_int64(&s->packer, value);
}

void sink_uint(struct sink *s, uint64_t value)
{
    (void)msgpack_pack_uint64(&s->packer, value);
}

void sink_flag(struct sink *s, bool value)
{
    (void)(value ? msgpack_pack_true(&s->packer) : msgpack_pack_false(&s->packer));
}

void sink_nil(struct sink *s)
{
    (void)msgpack_pack_nil(&s->packer);
}

void sink_text(struct sink *s, struct text value)
{
    (void)msgpack_pack_str(&s->packer, value.len);
    (void)msgpack_pack_str_body(&s->packer, value.at, value.len);
}

void sink_code(struct sink *s, const char *value)
{
    sink_text(s, text_of(value));
}

void sink_bytes(struct sink *s, const uint8_t *at, size_t len)
{
    (void)msgpack_pack_bin(&s->packer, len);
    (void)msgpack_pack_bin_body(&s->packer, at, len);
}

void sink_list(struct sink *s, size_t len)
{
    (void)msgpack_pack_array(&s->packer, len);
}

void sink_map(struct sink *s, size_t pairs)
{
    (void)msgpack_pack_map(&s->packer, pairs);
}
