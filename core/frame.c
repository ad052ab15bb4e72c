/* Names of frames and of who sends them. The bytes of a frame are proto's and storage's
 * business, never this file's. */
#include "shortfall/core/frame.h"

#include <assert.h>

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool frame_producer_is_valid(struct text name)
{
    if (name.len == 0 || name.len > FRAME_PRODUCER_MAX || !is_letter_or_digit(name.at[0]))
        return false;
    for (uint32_t i = 1; i < name.len; i++) {
        char c = name.at[i];

        if (!is_letter_or_digit(c) && c != '.' && c != '_' && c != '-')
            return false;
    }
    return true;
}

const char *frame_type_name(enum frame_type type)
{
    static const char *const names[FRAME_TYPE_COUNT] = {
        [FRAME_OPENING] = "opening", [FRAME_DATA] = "data",
        [FRAME_TICK] = "tick",       [FRAME_PROMISE] = "promise",
        [FRAME_RULES] = "rules",     [FRAME_ACKNOWLEDGEMENT] = "acknowledgement",
        [FRAME_SILENCE] = "silence", [FRAME_TRANSITION] = "transition",
    };

    assert((unsigned)type < FRAME_TYPE_COUNT);
    return names[type];
}
