/* What is left of a failing scenario when all that it does not need is gone. */
#include "judge.h"
#include "shrink.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIALS_SMALL 4000
#define TRIALS_LARGE 400 /* each is slow */

static void tell(int to, const struct scenario *s)
{
    struct difference d = {""};
    bool agree = scenario_agrees(s, &d);

    if (write(to, d.text, sizeof d.text) != (ssize_t)sizeof d.text)
        _exit(2);
    _exit(agree ? 0 : 1);
}

bool scenario_agrees_apart(const struct scenario *s, struct difference *d)
{
    int ends[2];
    int code;

    cr_assert(pipe(ends) == 0);
    pid_t child = fork();

    cr_assert(child >= 0);
    if (child == 0)
        tell(ends[1], s);
    (void)close(ends[1]);
    if (read(ends[0], d->text, sizeof d->text) != (ssize_t)sizeof d->text)
        d->text[0] = '\0';
    (void)close(ends[0]);
    cr_assert(waitpid(child, &code, 0) == child);
    if (WIFEXITED(code) && WEXITSTATUS(code) == 0)
        return true;
    if (!WIFEXITED(code) || WEXITSTATUS(code) != 1)
        return differs(d, "it crashed, with status %d", code);
    return false;
}

static bool part_differs(void *self, const bool *kept, size_t len)
{
    struct scenario *part = scenario_part(self, kept);
    struct difference d;
    bool agree = part->steps_len == 0 || scenario_agrees_apart(part, &d);

    (void)len;
    free(part);
    return !agree;
}

void scenario_explain(const struct scenario *s)
{
    size_t trials = s->size == SCENARIO_LARGE ? TRIALS_LARGE : TRIALS_SMALL;
    size_t len = scenario_parts(s);
    bool *kept = malloc(len);
    struct difference d = {"it agrees when it is alone in a process"};

    cr_assert(kept != NULL);
    for (size_t i = 0; i < len; i++)
        kept[i] = true;
    struct scenario *all = scenario_part(s, kept); /* has an order of its own */
    size_t left = shrink(kept, len, trials, part_differs, all);
    struct scenario *part = scenario_part(all, kept);

    (void)scenario_agrees_apart(part, &d);
    (void)fprintf(stderr, "# %zu of %zu parts are enough: %s\n", left, len, d.text);
    scenario_print(part);
    free(part);
    free(all);
    free(kept);
}
