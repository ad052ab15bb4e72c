/* Values against each other: what a daemon would refuse only when it starts, or what two
 * daemons together cannot be. Each check looks at values that were right by themselves
 * and is silent about the rest, which has been reported. */
#include "setup_parts.h"

#include "shortfall/bus/bus.h"
#include "shortfall/core/commodity.h"
#include "shortfall/core/frame.h"

#include <stdio.h>
#include <string.h>

struct checker {
    const struct setup *setup;
    struct config_errors *errors;
};

/* Where the value stands; a default stands where `state` does, or at the first line. */
static struct config_place place_of(const struct checker *c, const struct setting *s)
{
    static const struct config_place start = {1, 1};
    const struct setting *state = setup_find(&c->setup->top, "state");

    if (s->place.line > 0)
        return s->place;
    return state->place.line > 0 ? state->place : start;
}

static const struct setting *daemon_setting(const struct checker *c,
                                            enum daemon_kind daemon, const char *key)
{
    return setup_find(&c->setup->daemons[daemon], key);
}

static void check_state(const struct checker *c)
{
    const struct setting *state = setup_find(&c->setup->top, "state");

    if (!state->value)
        config_error_add(c->errors, place_of(c, state),
                         "\"state\" is needed: there is no XDG_STATE_HOME and no HOME "
                         "to take it from");
}

static void check_endpoints(const struct checker *c)
{
    static const char *const keys[] = {"ingest", "reader", "serve"};
    struct why why = {""};

    for (size_t i = 0; i < 3; i++) {
        const struct setting *s = setup_find(&c->setup->top, keys[i]);

        if (!s->value)
            continue;
        if (bus_check_endpoint(s->value, &why))
            config_error_add(c->errors, place_of(c, s), "%s", why.text);
        for (size_t k = 0; k < i; k++) {
            const char *other = setup_top(c->setup, keys[k]);

            if (other && strcmp(other, s->value) == 0)
                config_error_add(c->errors, place_of(c, s),
                                 "\"%s\" is the same endpoint as \"%s\"", keys[i],
                                 keys[k]);
        }
    }
}

/* --- producers ---------------------------------------------------------------------- */

static bool check_producer(const struct checker *c, const struct setting *s)
{
    char quoted[CONFIG_QUOTE_SIZE];

    if (!s->value)
        return false;
    if (strcmp(s->value, daemon_name(DAEMON_RECORDER)) == 0) {
        config_error_add(c->errors, place_of(c, s), "the name %s is the recorder's own",
                         config_quote(text_of(s->value), quoted));
        return false;
    }
    if (frame_producer_is_valid(text_of(s->value)))
        return true;
    config_error_add(c->errors, place_of(c, s),
                     "%s is no name of a producer (1 to %d of a-z 0-9 . _ -)",
                     config_quote(text_of(s->value), quoted), FRAME_PRODUCER_MAX);
    return false;
}

/* Two feeds of one name would take it from each other for ever. */
static void check_name_is_new(const struct checker *c, size_t index)
{
    const struct setting *name = setup_find(&c->setup->feeds[index], "name");
    const struct setting *aggregator = daemon_setting(c, DAEMON_AGGREGATOR, "producer");
    char quoted[CONFIG_QUOTE_SIZE];

    (void)config_quote(text_of(name->value), quoted);
    if (aggregator->value && strcmp(aggregator->value, name->value) == 0)
        config_error_add(c->errors, name->place, "the name %s is the aggregator's",
                         quoted);
    for (size_t i = 0; i < index; i++) {
        const struct setting *other = setup_find(&c->setup->feeds[i], "name");

        if (!other->value || strcmp(other->value, name->value) != 0)
            continue;
        config_error_add(c->errors, name->place,
                         "the name %s is taken by the feed on line %u", quoted,
                         c->setup->feeds[i].place.line);
        return;
    }
}

/* Whether `name` is one of "NAME,NAME". */
static bool is_named(const char *names, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = names; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, len) == 0 && (at[len] == ',' || at[len] == '\0'))
            return true;
    }
    return false;
}

static void check_in_exercise(const struct checker *c, const struct section *feed)
{
    const char *names = daemon_setting(c, DAEMON_RECORDER, "exercise")->value;
    const struct setting *own = setup_find(feed, "exercise");
    const struct setting *name = setup_find(feed, "name");
    char quoted[CONFIG_QUOTE_SIZE];

    if (names && !own->read.flag)
        config_error_add(c->errors, own->place,
                         "the recorder's journal is an exercise: its feeds must be too");
    else if (!names && own->read.flag)
        config_error_add(c->errors, own->place,
                         "the recorder's journal is no exercise: name its feeds in "
                         "\"exercise\" of \"recorder\"");
    else if (names && !is_named(names, name->value))
        config_error_add(c->errors, name->place,
                         "%s is not among the feeds in \"exercise\" of \"recorder\"",
                         config_quote(text_of(name->value), quoted));
}

static void check_factors(const struct checker *c, const struct setting *s)
{
    char known[160] = "";
    char quoted[CONFIG_QUOTE_SIZE];
    size_t len = 0;

    if (!s->value || factor_set_find(text_of(s->value)) != FACTOR_SET_NONE)
        return;
    for (factor_set_id i = 0; factor_set_name(i) && len < sizeof known; i++)
        len += (size_t)snprintf(known + len, sizeof known - len, "%s%s",
                                i > 0 ? ", " : "", factor_set_name(i));
    config_error_add(c->errors, s->place, "there is no set of factors %s (there are: %s)",
                     config_quote(text_of(s->value), quoted), known);
}

static void check_feeds(const struct checker *c)
{
    for (size_t i = 0; i < c->setup->feeds_len; i++) {
        const struct section *feed = &c->setup->feeds[i];
        const struct setting *source = setup_find(feed, "source");

        check_factors(c, setup_find(feed, "factors"));
        if (source->read.text && strcmp(source->read.text, "-") == 0)
            config_error_add(c->errors, source->place,
                             "a feed under the supervisor has no standard input: name a "
                             "file");
        if (!check_producer(c, setup_find(feed, "name")))
            continue;
        check_name_is_new(c, i);
        check_in_exercise(c, feed);
    }
}

/* --- the others --------------------------------------------------------------------- */

static void check_aggregator(const struct checker *c)
{
    const struct setting *producer = daemon_setting(c, DAEMON_AGGREGATOR, "producer");
    const struct setting *rules = daemon_setting(c, DAEMON_AGGREGATOR, "rules");
    const struct setting *names = daemon_setting(c, DAEMON_RECORDER, "exercise");
    char quoted[CONFIG_QUOTE_SIZE];

    if (!check_producer(c, producer) || !rules->value || !names->value ||
        is_named(names->value, producer->value))
        return;
    config_error_add(c->errors, names->place,
                     "\"exercise\" must name %s too: the aggregator says the rules",
                     config_quote(text_of(producer->value), quoted));
}

static void check_notifier(const struct checker *c)
{
    const struct setting *retry = daemon_setting(c, DAEMON_NOTIFIER, "retry");
    const struct setting *most = daemon_setting(c, DAEMON_NOTIFIER, "retry_max");
    const struct setting *form = daemon_setting(c, DAEMON_NOTIFIER, "stdout");

    if (most->read.number < retry->read.number)
        config_error_add(c->errors, most->place.line > 0 ? most->place : retry->place,
                         "\"retry_max\" (%s) is shorter than \"retry\" (%s)", most->value,
                         retry->value);
    if (strcmp(form->value, "none") == 0 &&
        !daemon_setting(c, DAEMON_NOTIFIER, "command")->value)
        config_error_add(c->errors, form->place,
                         "nowhere to deliver: \"stdout: none\" needs a \"command\"");
}

void setup_check(const struct setup *setup, struct config_errors *errors)
{
    const struct checker c = {setup, errors};

    check_state(&c);
    check_endpoints(&c);
    check_feeds(&c);
    check_aggregator(&c);
    check_notifier(&c);
}
