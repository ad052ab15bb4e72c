/* Finds the backend of an endpoint and passes calls on to it. Must contain nothing that a
 * backend could do otherwise. */
#include "shortfall/bus/bus.h"

#include "socket.h"

#include <string.h>

static const struct scheme {
    const char *prefix;
    const struct bus_ops *ops;
} schemes[] = {
    {"ipc://", &bus_zmq},
    {"tcp://", &bus_zmq},
    {"mem://", &bus_mem},
};

/* NULL: no backend understands it. */
static const struct bus_ops *ops_of(const char *endpoint)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncmp(endpoint, schemes[i].prefix, strlen(schemes[i].prefix)) == 0)
            return schemes[i].ops;
    return NULL;
}

enum status bus_check_endpoint(const char *endpoint, struct why *why)
{
    return endpoint_check(endpoint, why);
}

enum status bus_open(const struct bus_options *options, struct bus **out, struct why *why)
{
    const char *given[] = {options->ingest, options->reader};
    const struct bus_ops *ops = NULL;

    for (size_t i = 0; i < 2; i++) {
        const struct bus_ops *found = given[i] ? ops_of(given[i]) : NULL;

        if (given[i] && (!found || (ops && found != ops)))
            return why_set(why, ST_INVALID, "%s: not an endpoint of a bus%s", given[i],
                           found ? " of one kind with the other" : "");
        ops = found ? found : ops;
    }
    if (!ops)
        return why_set(why, ST_INVALID, "a bus needs an endpoint");
    if (options->resend_us < 0 || options->credit > BUS_CREDIT_MAX)
        return why_set(why, ST_INVALID,
                       "a bus asks %d frames ahead at most, and never before now",
                       BUS_CREDIT_MAX);
    return ops->open(options, out, why);
}

void bus_close(struct bus *b)
{
    if (b)
        b->ops->close(b);
}

enum status bus_hello(struct bus *b, struct text producer, int64_t timeout_ms,
                      struct bus_greeting *out, struct why *why)
{
    if (!frame_producer_is_valid(producer))
        return why_set(why, ST_INVALID,
                       "\"%.*s\": a producer is 1 to %d of a-z 0-9 . _ -, the first a "
                       "letter or digit",
                       TEXT_ARGS(producer), FRAME_PRODUCER_MAX);
    return b->ops->hello(b, producer, timeout_ms, out, why);
}

enum status bus_send(struct bus *b, const struct frame *frame, struct why *why)
{
    return b->ops->send(b, frame, why);
}

enum status bus_follow(struct bus *b, uint64_t after, struct why *why)
{
    if (after > INT64_MAX - BUS_CREDIT_MAX)
        return why_set(why, ST_INVALID, "%llu is no position", (unsigned long long)after);
    return b->ops->follow(b, after, why);
}

enum status bus_receive(struct bus *b, int stop_fd, int64_t timeout_ms,
                        struct bus_message *out, struct why *why)
{
    return b->ops->receive(b, stop_fd, timeout_ms, out, why);
}

size_t bus_unanswered(const struct bus *b)
{
    return b->ops->unanswered(b);
}
