/* The corpora as ordinary tests: every file through the function that the fuzzer calls,
 * under any compiler, with and without sanitizers. A file that once broke something stays
 * here, so that it breaks the build if it does so again. */
#include "fuzz.h"

#include <criterion/criterion.h>

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define FILES_MIN 10          /* fewer: the folder is not what we think it is */
#define INPUT_MAX (64 * 1024) /* bytes; they are kept small */

/* LLVMFuzzerTestOneInput of each target, renamed by the build. */
typedef int fuzz_fn(const uint8_t *data, size_t size);
fuzz_fn fuzz_bodies, fuzz_codec, fuzz_differential, fuzz_journal, fuzz_json, fuzz_rules;

static char path[4096];

/* So that a failure says which file it was. */
static void tell_path(int number)
{
    ssize_t written = write(STDERR_FILENO, path, strlen(path));
    written = written < 0 ? written : write(STDERR_FILENO, "\n", 1);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* From memory of just its size: reading beyond it is then seen. */
static void replay_file(fuzz_fn *target)
{
    static uint8_t buffer[INPUT_MAX + 1];
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s cannot be opened", path);
    size_t len = fread(buffer, 1, sizeof buffer, file);
    cr_assert(len <= INPUT_MAX && fclose(file) == 0, "%s is too large", path);
    uint8_t *input = malloc(len ? len : 1);
    cr_assert(input);
    memcpy(input, buffer, len);
    cr_assert(target(input, len) == 0, "%s", path);
    free(input);
}

static void replay(fuzz_fn *target, const char *name)
{
    char folder[2048];
    unsigned files = 0;
    int length =
        snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", SOURCE_DIR, name);
    cr_assert(length > 0 && (size_t)length < sizeof folder);
    DIR *listing = opendir(folder);
    cr_assert(listing, "%s cannot be opened", folder);
    (void)signal(SIGABRT, tell_path);
    for (struct dirent *entry; (entry = readdir(listing));) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        replay_file(target);
        files++;
    }
    (void)closedir(listing);
    cr_assert(files >= FILES_MIN, "%s has %u files", folder, files);
}

Test(corpus, bodies)
{
    replay(fuzz_bodies, "bodies");
}

Test(corpus, codec)
{
    replay(fuzz_codec, "codec");
}

Test(corpus, differential)
{
    replay(fuzz_differential, "differential");
}

Test(corpus, journal)
{
    replay(fuzz_journal, "journal");
}

Test(corpus, json)
{
    replay(fuzz_json, "json");
}

Test(corpus, rules)
{
    replay(fuzz_rules, "rules");
}
