/* Any bytes as the small bodies: promise, opening, rules, transition. What decodes is
 * written again, and what was written decodes to the same. */
#include "fuzz.h"

#include "shortfall/proto/alert_json.h"

#include <string.h>

/* A refusal names its reason. */
static bool refused(enum status st, const struct why *why)
{
    MUST(!st || st == ST_INVALID || st == ST_OVERFLOW);
    MUST(!st || why->text[0]);
    return st != ST_OK;
}

static void promise_again(struct bytes body)
{
    struct why why = {""};
    uint8_t out[PROMISE_BODY_MAX];
    int64_t before, again;
    size_t len;
    if (refused(unpack_promise(body, &before, &why), &why))
        return;
    MUST(pack_promise(before, out, sizeof out, &len) == ST_OK);
    MUST(unpack_promise((struct bytes){out, len}, &again, NULL) == ST_OK);
    MUST(again == before);
}

static void opening_again(struct bytes body)
{
    struct why why = {""};
    uint8_t out[OPENING_BODY_MAX];
    struct opening opening, again;
    size_t len;
    if (refused(unpack_opening(body, &opening, &why), &why))
        return;
    MUST(pack_opening(&opening, out, sizeof out, &len) == ST_OK);
    MUST(unpack_opening((struct bytes){out, len}, &again, NULL) == ST_OK);
    MUST(again.clock == opening.clock && again.feeds_len == opening.feeds_len);
    for (size_t i = 0; i < again.feeds_len; i++)
        MUST(text_equal(again.feeds[i], opening.feeds[i]));
}

static void rules_again(struct bytes body)
{
    struct why why = {""};
    static uint8_t out[RULES_BODY_MAX];
    struct text name, text, name_again, text_again;
    size_t len;
    if (refused(unpack_rules(body, &name, &text, &why), &why))
        return;
    MUST(pack_rules(name, text, out, sizeof out, &len) == ST_OK);
    struct bytes second = {out, len};
    MUST(unpack_rules(second, &name_again, &text_again, NULL) == ST_OK);
    MUST(text_equal(name, name_again) && text_equal(text, text_again));
}

static void transition_again(struct bytes body)
{
    struct why why = {""};
    static char said[2][ALERT_JSON_SIZE];
    uint8_t out[2][TRANSITION_BODY_MAX];
    struct transition_texts texts, texts_again;
    struct transition t, again;
    size_t len[2], said_len[2];
    if (refused(unpack_transition(body, &t, &texts, &why), &why))
        return;
    MUST(pack_transition(&t, &texts, out[0], sizeof out[0], &len[0]) == ST_OK);
    struct bytes second = {out[0], len[0]};
    MUST(unpack_transition(second, &again, &texts_again, NULL) == ST_OK);
    MUST(pack_transition(&again, &texts_again, out[1], sizeof out[1], &len[1]) == ST_OK);
    MUST(len[0] == len[1] && memcmp(out[0], out[1], len[0]) == 0);
    MUST(alert_json_write(&t, &texts, said[0], sizeof said[0], &said_len[0]) == ST_OK);
    MUST(alert_json_write(&again, &texts_again, said[1], sizeof said[1], &said_len[1]) ==
         ST_OK);
    MUST(said_len[0] == said_len[1] && memcmp(said[0], said[1], said_len[0]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes body = {data, size};
    promise_again(body);
    opening_again(body);
    rules_again(body);
    transition_again(body);
    return 0;
}
