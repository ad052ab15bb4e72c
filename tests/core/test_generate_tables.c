/* The generator of the tables must stop the build, at the place of the mistake, rather
 * than guess: a table with a hole would be found by an analyst, months later. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

#define SETS                                                                             \
    "version: 1\n"                                                                       \
    "factor_sets:\n"                                                                     \
    "  - {name: a, source: s}\n"                                                         \
    "  - {name: b, source: s}\n"                                                         \
    "commodities:\n"
#define FOOD                                                                             \
    SETS "  - {code: food, name: n, dimension: mass, group: food, factor: 1, source: "   \
         "s}\n"

#define PLACES_HEAD "version: 1\nplaces:\n"
#define PLACES      PLACES_HEAD "  - {code: PRK, alpha2: KP, name: n}\nparties: []\n"

static char folder[] = "/tmp/shortfall-tables-XXXXXX";

static void path_in(char *path, size_t size, const char *name)
{
    int len = snprintf(path, size, "%s/%s", folder, name);

    cr_assert(len > 0 && (size_t)len < size, "path of %s", name);
}

static void file_write(const char *name, const char *text)
{
    char path[64];
    FILE *file;

    path_in(path, sizeof(path), name);
    file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0, "write %s", path);
}

static void folder_make(void)
{
    cr_assert(mkdtemp(folder), "a folder to work in");
}

static void folder_remove(void)
{
    static const char *const NAMES[] = {"commodities.yaml", "places.yaml",
                                        "commodity_table.inc", "place_table.inc"};
    char path[64];

    for (size_t i = 0; i < LEN(NAMES); i++) {
        path_in(path, sizeof(path), NAMES[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

/* The generator's exit code; what it said is in `said`. */
static int generate(const char *commodities, const char *places, char *said, size_t size)
{
    char command[512];
    FILE *pipe;
    int len, wait_status;

    file_write("commodities.yaml", commodities);
    file_write("places.yaml", places);
    len = snprintf(
        command, sizeof(command),
        "cd '%s' && '%s/generated/generate_tables' commodities.yaml places.yaml . 2>&1",
        folder, BINARY_DIR);
    cr_assert(len > 0 && (size_t)len < sizeof(command), "the command fits");
    pipe = popen(command, "r");
    cr_assert(pipe, "the generator starts");
    said[fread(said, 1, size - 1, pipe)] = '\0';
    wait_status = pclose(pipe);
    cr_assert(WIFEXITED(wait_status), "the generator ends by itself");
    return WEXITSTATUS(wait_status);
}

TestSuite(generate_tables, .init = folder_make, .fini = folder_remove);

Test(generate_tables, mistakes_stop_the_build_where_they_stand)
{
    static const struct {
        const char *commodities, *places, *says;
    } ROWS[] = {
        {FOOD "  - {code: rice, name: n, dimension: mass, colour: red}\n", PLACES,
         "commodities.yaml:7:44: error: unknown key \"colour\""},
        {FOOD "  - {code: rice, name: n, dimension: mass, name: m}\n", PLACES,
         "commodities.yaml:7:44: error: key \"name\" stands twice"},
        {FOOD "  - {code: rice, dimension: mass}\n", PLACES,
         "commodities.yaml:7:5: error: key \"name\" is missing"},
        {FOOD "  - {code: rice, name: '', dimension: mass}\n", PLACES,
         "commodities.yaml:7:24: error: \"name\" is empty"},
        {FOOD "  - {code: food, name: m, dimension: mass}\n", PLACES,
         "commodities.yaml:7:12: error: code \"food\" stands twice"},
        {FOOD "  - {code: Rice, name: m, dimension: mass}\n", PLACES,
         "commodities.yaml:7:12: error: \"Rice\" is not a code"},
        {FOOD "  - {code: rice, name: m, dimension: weight}\n", PLACES,
         "commodities.yaml:7:38: error: \"weight\" is neither mass nor energy"},
        {FOOD "  - {code: rice, name: m, dimension: mass, group: food, source: s}\n",
         PLACES,
         "commodities.yaml:7:12: error: \"rice\" is in a group: key \"factor\" is "
         "missing"},
        {FOOD "  - {code: rice, name: m, dimension: mass, group: food, factor: 1}\n",
         PLACES, "commodities.yaml:7:5: error: the factors of \"rice\" have no source"},
        {FOOD "  - {code: rice, name: m, dimension: mass, factor: 1, source: s}\n",
         PLACES, "commodities.yaml:7:52: error: a factor leads into a group"},
        {FOOD
         "  - {code: rice, name: m, dimension: mass, group: fod, factor: 1, source: s}\n",
         PLACES, "commodities.yaml:7:51: error: there is no group \"fod\""},
        {FOOD "  - {code: rice, name: m, dimension: mass}\n"
              "  - {code: paddy, name: o, dimension: mass, group: rice, factor: 1, "
              "source: s}\n",
         PLACES, "commodities.yaml:8:52: error: there is no group \"rice\""},
        {FOOD "  - {code: heat, name: m, dimension: energy, group: food, factor: 1, "
              "source: s}\n",
         PLACES, "commodities.yaml:7:53: error: energy cannot be counted as mass"},
        {SETS "  - {code: food, name: n, dimension: mass, group: food, factor: 2, "
              "source: s}\n",
         PLACES, "commodities.yaml:6:12: error: the factor of a group into itself is 1"},
        {FOOD "  - {code: oil, name: m, dimension: mass, barrels: {c: 1}, source: s}\n",
         PLACES, "commodities.yaml:7:53: error: unknown key \"c\""},
        {FOOD "  - {code: oil, name: m, dimension: energy, barrels: {a: 1}, source: s}\n",
         PLACES, "commodities.yaml:7:54: error: barrels per tonne of something"},
        {FOOD "  - {code: oil, name: m, dimension: mass, barrels: {a: 0}, source: s}\n",
         PLACES, "commodities.yaml:7:56: error: \"0\" is not a decimal number above 0"},
        {FOOD "  - {code: oil, name: m, dimension: mass, barrels: {a: 1.}, source: s}\n",
         PLACES, "error: \"1.\" is not a decimal"},
        {FOOD "  - {code: oil, name: m, dimension: mass, barrels: {a: -1}, source: s}\n",
         PLACES, "error: \"-1\" is not a decimal"},
        {FOOD "  - {code: oil, name: m, dimension: mass, barrels: {a: 1234567890}, "
              "source: s}\n",
         PLACES, "error: \"1234567890\" is not a decimal"},
        {FOOD
         "  - {code: oil, name: m, dimension: mass, barrels: {a: 6.351}, source: s}\n",
         PLACES, "error: barrels per tonne lie below 1000, with two decimals"},
        {FOOD
         "  - {code: oil, name: m, dimension: mass, barrels: {a: 1000}, source: s}\n",
         PLACES, "error: barrels per tonne lie below 1000, with two decimals"},
        {FOOD "  - {code: oil, name: m, dimension: mass, barrels: 7, source: s}\n",
         PLACES, "error: a mapping belongs here, not a single value"},
        {FOOD "  - {code: oil, name: n, dimension: mass}\n", PLACES,
         "commodities.yaml:7:23: error: \"n\" already means food"},
        {FOOD "  - {code: oil, name: m\n", PLACES, "commodities.yaml:8:"},
        {"version: 2\nfactor_sets: []\ncommodities: []\n", PLACES,
         "commodities.yaml:1:10: error: version \"2\" is not known"},
        {"", PLACES, "commodities.yaml: error: is empty"},
        {FOOD, PLACES_HEAD "  - {code: PRK, name: n}\nparties: []\n",
         "places.yaml:3:5: error: key \"alpha2\" is missing"},
        {FOOD, PLACES_HEAD "  - {code: PR, alpha2: KP, name: n}\nparties: []\n",
         "places.yaml:3:12: error: \"PR\" is too short or too long"},
        {FOOD, PLACES_HEAD "  []\nparties:\n  - {code: ABCDEFGHIJKLM, name: n}\n",
         "places.yaml:5:12: error: \"ABCDEFGHIJKLM\" is too short or too long"},
        {FOOD, PLACES_HEAD "  []\nparties:\n  - {code: WFP, name: n, alpha2: WF}\n",
         "places.yaml:5:26: error: unknown key \"alpha2\""},
        {FOOD,
         PLACES_HEAD "  - {code: PRK, alpha2: KP, name: n}\n"
                     "parties:\n  - {code: PRK, name: m}\n",
         "places.yaml:5:12: error: code \"PRK\" stands twice"},
    };
    char said[2048];

    for (size_t i = 0; i < LEN(ROWS); i++) {
        int code = generate(ROWS[i].commodities, ROWS[i].places, said, sizeof(said));
        cr_assert(code == 1 && strstr(said, ROWS[i].says),
                  "row %zu, exit %d: \"%s\" not in \"%s\"", i, code, ROWS[i].says, said);
    }
    cr_assert(generate(FOOD
                       "  - {code: oil, name: m, dimension: mass, barrels: {a: 999.99, "
                       "b: 0.01}, source: s}\n",
                       PLACES, said, sizeof(said)) == 0 &&
                  said[0] == '\0',
              "what is right passes in silence: %s", said);
}

Test(generate_tables, all_mistakes_are_told_at_once)
{
    char said[2048];

    cr_assert(generate(FOOD "  - {code: a, name: m, dimension: mass, x: 1}\n"
                            "  - {code: b, name: o, dimension: mass, y: 1}\n",
                       PLACES_HEAD "  - {code: P, alpha2: KP, name: n}\nparties: []\n",
                       said, sizeof(said)) == 1,
              "refused");
    cr_assert(strstr(said, ":7:") && strstr(said, ":8:") &&
                  strstr(said, "places.yaml:3:"),
              "%s", said);
}
