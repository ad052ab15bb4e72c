/* shortfall version: what was built, and the libraries it runs with. */
#include "command.h"

#include "shortfall/core/commodity.h"
#include "shortfall/daemons/options.h"

#include <msgpack.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <xxhash.h>
#include <yajl/yajl_version.h>
#include <yaml.h>
#include <zmq.h>

static void print_versions(void)
{
    int major;
    int minor;
    int patch;
    int yajl = yajl_version();

    (void)printf("shortfall %s\n", SHORTFALL_VERSION);
    zmq_version(&major, &minor, &patch);
    (void)printf("  zeromq    %d.%d.%d\n", major, minor, patch);
    (void)printf("  msgpack-c %s\n", msgpack_version());
    (void)printf("  sqlite    %s\n", sqlite3_libversion());
    (void)printf("  yajl      %d.%d.%d\n", yajl / 10000, yajl / 100 % 100, yajl % 100);
    (void)printf("  libyaml   %s\n", yaml_get_version_string());
    (void)printf("  libsodium %s\n", sodium_version_string());
    (void)printf("  xxhash    %u.%u.%u\n", XXH_versionNumber() / 10000,
                 XXH_versionNumber() / 100 % 100, XXH_versionNumber() % 100);
    (void)printf("  %zu commodities; factor sets", commodity_count());
    for (factor_set_id set = 0; factor_set_name(set) != NULL; set++)
        (void)printf(" %s", factor_set_name(set));
    (void)printf("\n");
}

static const struct program program = {
    .name = "shortfall version",
    .summary = "Prints the version of the program and of the libraries it runs with.",
};

int command_version(int argc, char **argv)
{
    struct command_line line;
    int code = options_begin(&program, argc, argv, &line);

    if (code >= 0)
        return code;
    print_versions();
    return command_done("version");
}
