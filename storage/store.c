/* The seam of the store: every call goes to the backend that opened it. */
#include "shortfall/storage/store.h"

enum status store_open(const struct store_ops *ops, const char *path,
                       enum store_mode mode, struct store **out, struct why *why)
{
    return ops->open(path, mode, out, why);
}

void store_close(struct store *s)
{
    if (s)
        s->ops->close(s);
}

enum status store_commit(struct store *s, const struct effects *effects, struct why *why)
{
    return s->ops->commit(s, effects, why);
}

enum status store_cursor(struct store *s, struct store_cursor *out, struct why *why)
{
    return s->ops->cursor(s, out, why);
}

enum status store_set_origin(struct store *s, const struct store_origin *origin,
                             struct why *why)
{
    return s->ops->set_origin(s, origin, why);
}

enum status store_origin(struct store *s, struct store_origin *out, struct why *why)
{
    return s->ops->origin(s, out, why);
}

enum status store_alerts(struct store *s, uint64_t after, size_t max, store_alert_fn *fn,
                         void *self, struct why *why)
{
    return s->ops->alerts(s, after, max, fn, self, why);
}

enum status store_quarantine(struct store *s, size_t max, store_quarantine_fn *fn,
                             void *self, struct why *why)
{
    return s->ops->quarantine(s, max, fn, self, why);
}
