/* Event files in memory, in order of their clock. */
#include "shortfall/fold/files.h"

#include "shortfall/fold/lines.h"
#include "shortfall/proto/json.h"
#include "shortfall/proto/pack.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One encoded event; items are added in order of file and line. */
struct item {
    int64_t published;
    size_t at;
    uint32_t len;
};

struct event_files {
    uint8_t *bytes;
    size_t bytes_len, bytes_max;
    struct item *items;
    size_t items_len, items_max;
    bool sorted, one_clock;
    struct packer *packer;
    struct json_reader *reader;
    uint64_t next_pos;
    size_t next_item;
    int64_t clock; /* of the frame before */
    uint8_t small[RULES_BODY_MAX];
};

size_t line_error_format(const struct line_error *error, char *out, size_t size)
{
    int len = snprintf(out, size, "%s:%llu:%u: %s%s%s", error->file,
                       (unsigned long long)error->line, error->column, error->field,
                       error->field[0] == '\0' ? "" : ": ", error->text);

    return len < 0 ? 0 : (size_t)len < size ? (size_t)len : size - 1;
}

enum status event_files_new(struct event_files **out, struct why *why)
{
    struct event_files *files = calloc(1, sizeof *files);

    if (files == NULL)
        return why_set(why, ST_NO_MEMORY, "read event files: no memory");
    files->next_pos = 1;
    files->clock = TIME_NONE;
    if (packer_new(&files->packer) || json_reader_new(&files->reader)) {
        event_files_free(files);
        return why_set(why, ST_NO_MEMORY, "read event files: no memory");
    }
    *out = files;
    return ST_OK;
}

void event_files_free(struct event_files *files)
{
    if (files == NULL)
        return;
    packer_free(files->packer);
    json_reader_free(files->reader);
    free(files->bytes);
    free(files->items);
    free(files);
}

size_t event_files_len(const struct event_files *files)
{
    return files->items_len;
}

void event_files_one_clock(struct event_files *files, bool one_clock)
{
    files->one_clock = one_clock;
}

static enum status make_room(struct event_files *files, size_t len, struct why *why)
{
    if (files->bytes_len + len > files->bytes_max) {
        size_t max = 2 * files->bytes_max + len + 65536;
        uint8_t *bytes = realloc(files->bytes, max);

        if (bytes == NULL)
            return why_set(why, ST_NO_MEMORY, "hold the events: no memory");
        files->bytes = bytes;
        files->bytes_max = max;
    }
    if (files->items_len == files->items_max) {
        size_t max = 2 * files->items_max + 1024;
        struct item *items = realloc(files->items, max * sizeof *items);

        if (items == NULL)
            return why_set(why, ST_NO_MEMORY, "hold the events: no memory");
        files->items = items;
        files->items_max = max;
    }
    return ST_OK;
}

enum status event_files_add(struct event_files *files, struct bytes event,
                            int64_t published, struct why *why)
{
    enum status st = make_room(files, event.len, why);

    if (st)
        return st;
    assert(event.len <= EVENT_SIZE_MAX);
    memcpy(files->bytes + files->bytes_len, event.at, event.len);
    files->items[files->items_len++] =
        (struct item){published, files->bytes_len, (uint32_t)event.len};
    files->bytes_len += event.len;
    files->sorted = false;
    return ST_OK;
}

static enum status add_event(struct event_files *files, const struct event *ev,
                             struct why *why)
{
    struct unpacker u;

    packer_clear(files->packer);
    enum status st = packer_add(files->packer, ev);

    if (st)
        return why_set(why, st, "the event is larger than %d bytes", EVENT_SIZE_MAX);
    st = unpack_begin(packer_body(files->packer), &u, why);
    return st ? st : event_files_add(files, u.rest, ev->published, why);
}

struct complaint {
    line_error_fn *fn;
    void *self;
    struct line_error error;
};

/* ST_INVALID and ST_OVERFLOW: the line is wrong, and was told. */
static enum status read_line(struct event_files *files, struct text line,
                             factor_set_id set, struct complaint *complaint,
                             struct why *why)
{
    struct event ev;
    struct json_error error;
    enum status st = json_read_event(files->reader, line, set, &ev, &error);

    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK)
        return add_event(files, &ev, why);
    if (st != ST_INVALID && st != ST_OVERFLOW)
        return why_set(why, st, "%s", error.text);
    complaint->error.column = error.column;
    complaint->error.field = error.field;
    complaint->error.text = error.text;
    complaint->fn(complaint->self, &complaint->error);
    return st;
}

static enum status read_lines(struct event_files *files, struct lines *lines,
                              factor_set_id set, struct complaint *complaint,
                              uint64_t *wrong, struct why *why)
{
    for (;;) {
        struct text line;
        enum status st = lines_next(lines, &line, &complaint->error.line, why);

        if (st)
            return st == ST_NOT_FOUND ? ST_OK : st;
        st = read_line(files, line, set, complaint, why);
        if (st == ST_INVALID || st == ST_OVERFLOW)
            *wrong += 1;
        else if (st)
            return st;
    }
}

enum status event_files_read(struct event_files *files, const char *path,
                             factor_set_id set, line_error_fn *fn, void *self,
                             uint64_t *wrong, struct why *why)
{
    struct lines *lines;
    struct complaint complaint = {fn, self, {.file = path}};
    enum status st = lines_open(path, &lines, why);

    if (st)
        return st;
    st = read_lines(files, lines, set, &complaint, wrong, why);
    lines_close(lines);
    return st;
}

/* --- frames ------------------------------------------------------------------------- */

/* Items stand in one array in order of file and line, which breaks ties. */
static int item_compare(const void *a_item, const void *b_item)
{
    const struct item *a = a_item;
    const struct item *b = b_item;

    if (a->published != b->published)
        return a->published < b->published ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

static void sort_items(struct event_files *files)
{
    if (files->sorted)
        return;
    qsort(files->items, files->items_len, sizeof files->items[0], item_compare);
    files->sorted = true;
}

static enum status next_events(struct event_files *files, struct frame *out,
                               struct why *why)
{
    packer_clear(files->packer);
    while (files->next_item < files->items_len) {
        const struct item *item = &files->items[files->next_item];
        struct bytes event = {files->bytes + item->at, item->len};

        if (files->one_clock && packer_events(files->packer) > 0 &&
            item->published != files->clock)
            break;
        enum status st = packer_add_packed(files->packer, event);

        if (st == ST_FULL)
            break;
        if (st)
            return why_set(why, st, "frame an event: %s", status_text(st));
        files->clock = item->published;
        files->next_item++;
    }
    out->events = (uint32_t)packer_events(files->packer);
    out->type = FRAME_DATA;
    out->body = packer_body(files->packer);
    return out->events == 0 ? ST_NOT_FOUND : ST_OK;
}

static enum status small_frame(struct event_files *files, enum frame_type type,
                               struct text name, struct text rules, struct frame *out)
{
    const struct opening opening = {.clock = CLOCK_PUBLISHED, .feeds_len = 0};
    size_t len = 0;
    enum status st =
        type == FRAME_OPENING
            ? pack_opening(&opening, files->small, sizeof files->small, &len)
            : pack_rules(name, rules, files->small, sizeof files->small, &len);

    out->type = type;
    out->body = (struct bytes){files->small, len};
    return st;
}

enum status event_files_next(struct event_files *files, struct text rules_name,
                             struct text rules, struct frame *out, struct why *why)
{
    enum status st;

    sort_items(files);
    *out = (struct frame){.pos = files->next_pos,
                          .first_seq = files->next_item + 1,
                          .producer = TEXT_LITERAL("files"),
                          .number = files->next_pos};
    if (files->next_pos == 1)
        st = small_frame(files, FRAME_OPENING, rules_name, rules, out);
    else if (files->next_pos == 2 && rules.len > 0)
        st = small_frame(files, FRAME_RULES, rules_name, rules, out);
    else
        st = next_events(files, out, why);
    if (st)
        return st == ST_NOT_FOUND ? st : why_wrap(why, st, "make a frame");
    out->clock = files->clock == TIME_NONE ? TIME_MIN : files->clock;
    files->next_pos++;
    return ST_OK;
}
