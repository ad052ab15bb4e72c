/* Any bytes as a line of an event file. What is accepted must survive being written and
 * read again, as JSON and as msgpack; what is refused names a place and a reason. */
#include "fuzz.h"

#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"

#include <string.h>

static struct json_reader *reader, *second_reader;
static struct packer *packer;

static struct bytes packed(const struct event *ev)
{
    packer_clear(packer);
    MUST(packer_add(packer, ev) == ST_OK);
    return packer_body(packer);
}

static struct text written(const struct event *ev, char out[JSON_EVENT_SIZE])
{
    size_t len;
    MUST(json_write_event(ev, out, JSON_EVENT_SIZE, &len) == ST_OK);
    MUST(len < JSON_EVENT_SIZE && strlen(out) == len && !strchr(out, '\n'));
    return (struct text){out, (uint32_t)len};
}

/* Through JSON, then through msgpack: neither knows the other, so what one loses or bends
 * the other shows. */
static void event_again(const struct event *ev, factor_set_id set)
{
    static char said[JSON_EVENT_SIZE], again[JSON_EVENT_SIZE];
    static uint8_t kept[EVENT_SIZE_MAX + 1];
    struct json_error error;
    struct unpacker u;
    struct event other;
    bool skipped;
    MUST(event_check(ev, NULL) == ST_OK);
    struct bytes bytes = packed(ev);
    MUST(bytes.len <= sizeof kept);
    memcpy(kept, bytes.at, bytes.len);
    struct text line = written(ev, said);
    MUST(json_read_event(second_reader, line, set, &other, &error) == ST_OK);
    MUST(text_equal(line, written(&other, again)));
    bytes = packed(&other);
    MUST(memcmp(kept, bytes.at, bytes.len) == 0);
    MUST(unpack_begin(bytes, &u, NULL) == ST_OK);
    MUST(unpack_next(&u, &other, &skipped, NULL) == ST_OK);
    MUST(text_equal(line, written(&other, again)));
}

static void refused(enum status st, const struct json_error *error, size_t size)
{
    MUST(st == ST_INVALID || st == ST_OVERFLOW);
    MUST(error->column >= 1 && error->column <= size + 1);
    MUST(memchr(error->field, '\0', sizeof error->field));
    MUST(memchr(error->text, '\0', sizeof error->text));
    MUST(error->text[0] && text_is_printable(text_of(error->text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text line = {(const char *)data, (uint32_t)size};
    MUST(packer || packer_new(&packer) == ST_OK);
    MUST(reader || json_reader_new(&reader) == ST_OK);
    MUST(second_reader || json_reader_new(&second_reader) == ST_OK);
    for (factor_set_id set = FACTOR_SET_DEFAULT; factor_set_name(set); set++) {
        struct json_error error = {0};
        struct event ev;
        enum status st = json_read_event(reader, line, set, &ev, &error);
        if (st == ST_NOT_FOUND)
            return 0;
        if (!st)
            event_again(&ev, set);
        else
            refused(st, &error, size);
        if (st)
            return 0; /* hardly an error depends on the set: the time is worth more */
    }
    return 0;
}
