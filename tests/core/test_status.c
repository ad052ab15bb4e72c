/* Statuses: their words, their exit codes, and how reasons are put together. */
#include "shortfall/core/status.h"

#include <criterion/criterion.h>
#include <string.h>

Test(status, has_a_word_and_an_exit_code)
{
    static const int codes[ST_COUNT] = {
        [ST_OK] = 0,       [ST_INVALID] = 65,  [ST_OVERFLOW] = 65, [ST_NOT_FOUND] = 1,
        [ST_CONFLICT] = 1, [ST_REFUSED] = 1,   [ST_AGAIN] = 124,   [ST_UNREACHABLE] = 69,
        [ST_FULL] = 1,     [ST_NO_MEMORY] = 1, [ST_VERSION] = 78,  [ST_CORRUPT] = 74,
        [ST_IO] = 74,      [ST_STOPPED] = 0,
    };

    for (unsigned st = 0; st < ST_COUNT; st++) {
        cr_assert(strlen(status_text(st)) > 0, "status %u", st);
        cr_assert(status_exit_code(st) == codes[st], "%s: %d", status_text(st),
                  status_exit_code(st));
    }
}

Test(status, tells_what_was_being_done_and_what_went_wrong)
{
    struct why why = {"old"};

    cr_assert(why_set(&why, ST_IO, "disk error (%d)", 14) == ST_IO);
    cr_assert_str_eq(why.text, "disk error (14)");
    cr_assert(why_wrap(&why, ST_IO, "commit %s", "balances") == ST_IO);
    cr_assert_str_eq(why.text, "commit balances: disk error (14)");
    cr_assert(why_set(&why, ST_FULL, "again: %s", why.text) == ST_FULL);
    cr_assert_str_eq(why.text, "again: commit balances: disk error (14)");
    cr_assert(why_set(NULL, ST_FULL, "nobody asks") == ST_FULL);
    cr_assert(why_wrap(NULL, ST_FULL, "nobody asks") == ST_FULL);
}

Test(status, cuts_long_reasons)
{
    static char text[2 * WHY_MAX];
    struct why why;

    memset(text, 'x', sizeof(text) - 1);
    cr_assert(why_set(&why, ST_IO, "%s", text) == ST_IO);
    cr_assert(strlen(why.text) == WHY_MAX - 1, "%zu bytes", strlen(why.text));
    cr_assert(why_wrap(&why, ST_IO, "front") == ST_IO);
    cr_assert(strlen(why.text) == WHY_MAX - 1, "%zu bytes", strlen(why.text));
    cr_assert(strncmp(why.text, "front: xxx", 10) == 0, "%.20s", why.text);
    cr_assert(why_wrap(&why, ST_IO, "%s", text) == ST_IO);
    cr_assert(strlen(why.text) == WHY_MAX - 1, "%zu bytes", strlen(why.text));
}
