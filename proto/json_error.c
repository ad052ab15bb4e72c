/* How an error of a line is put together. What it quotes comes from outside and goes
 * through text_quote. */
#include "json_object.h"

#include <stdio.h>

enum status json_refuse_list(struct json_error *error, unsigned column, const char *field,
                             enum status st, const char *format, va_list arguments)
{
    error->column = column;
    text_copy(text_of(field), error->field, sizeof error->field);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    return st;
}

enum status json_refuse(struct json_error *error, unsigned column, const char *field,
                        enum status st, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    json_refuse_list(error, column, field, st, format, arguments);
    va_end(arguments);
    return st;
}

struct json_hint json_hint(const char *nearest)
{
    struct json_hint hint = {""};

    if (nearest)
        (void)snprintf(hint.text, sizeof hint.text, " (did you mean \"%s\"?)", nearest);
    return hint;
}
