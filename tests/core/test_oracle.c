/* The core against the oracle on random worlds. SHORTFALL_WORLDS=n runs n of them in all
 * (20,000 otherwise, 2,000 under sanitizers); SHORTFALL_SEED=n runs only that one, and
 * says what the smallest part of it is that differs; SHORTFALL_SHRINK=no leaves that out.
 */
#include "judge.h"
#include "shrink.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define WORLDS 2000
#else
#define WORLDS 20000
#endif

#define QUARTERS    4   /* tests that run side by side */
#define LARGE_EVERY 200 /* one world in so many is a large one */

static int64_t number_of(const char *variable, int64_t otherwise)
{
    const char *text = getenv(variable);

    return text != NULL ? strtoll(text, NULL, 10) : otherwise;
}

/* A core that stops by itself leaves the seed behind. */
static char running[64];

static void on_crash(int signal)
{
    ssize_t told = write(STDERR_FILENO, running, strlen(running));

    (void)told;
    (void)raise(signal); /* as it would have been: the handler stands for once */
}

static void watch_crashes(void)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGFPE, SIGBUS};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        cr_assert(sigaction(signals[i], &action, NULL) == 0);
}

static struct scenario *world_of(uint64_t seed)
{
    return scenario_sized(seed, true,
                          seed % LARGE_EVERY == 0 ? SCENARIO_LARGE : SCENARIO_SMALL);
}

static void fail(const struct scenario *s, const struct difference *d)
{
    const char *shrink = getenv("SHORTFALL_SHRINK");

    if (shrink == NULL || strcmp(shrink, "no") != 0)
        scenario_explain(s);
    cr_assert_fail("seed %" PRIu64 ": %s", s->seed, d->text);
}

static void check_seed(uint64_t seed, bool apart)
{
    struct scenario *s = world_of(seed);
    struct difference d = {""};

    (void)snprintf(running, sizeof running,
                   "crashed: SHORTFALL_SEED=%" PRIu64 " makes it smaller\n", seed);
    if (apart ? !scenario_agrees_apart(s, &d) : !scenario_agrees(s, &d))
        fail(s, &d);
    free(s);
}

static void check_quarter(uint64_t quarter)
{
    int64_t seed = number_of("SHORTFALL_SEED", -1);
    uint64_t worlds = (uint64_t)number_of("SHORTFALL_WORLDS", WORLDS) / QUARTERS;

    if (seed >= 0) {
        if (quarter == 0)
            check_seed((uint64_t)seed, true);
        return;
    }
    watch_crashes();
    for (uint64_t i = 0; i < worlds; i++)
        check_seed(1000000 * (quarter + 1) + i, false);
}

Test(oracle, agrees_first_quarter)
{
    check_quarter(0);
}

Test(oracle, agrees_second_quarter)
{
    check_quarter(1);
}

Test(oracle, agrees_third_quarter)
{
    check_quarter(2);
}

Test(oracle, agrees_fourth_quarter)
{
    check_quarter(3);
}
