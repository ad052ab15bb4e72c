/* Which doors a server opens, and what a socket does before anybody is there. */
#include "../../bus/socket.h"

#include "shortfall/bus/server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status open_server(const char *ingest, struct bus_server **out,
                               struct why *why)
{
    static const uint8_t id[FRAME_HASH_SIZE] = {1};
    struct bus_server_options options = {.ingest = ingest, .stream_id = id, .oldest = 1};

    return bus_server_open(&options, out, why);
}

Test(bus_server, opens_only_private_doors)
{
    static const struct {
        const char *label;
        const char *endpoint;
        enum status st;
    } rows[] = {
        {"every interface", "tcp://*:5555", ST_INVALID},
        {"another address", "tcp://0.0.0.0:5555", ST_INVALID},
        {"an interface by name", "tcp://eth0:5555", ST_INVALID},
        {"an abstract name", "ipc://@shortfall", ST_INVALID},
        {"any name", "ipc://*", ST_INVALID},
        {"a message in memory", "inproc://x", ST_INVALID},
        {"no such folder", "ipc:///tmp/shortfall-nobody/ingest", ST_IO},
    };
    struct bus_server *s = NULL;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct why why = {""};
        enum status st = open_server(rows[i].endpoint, &s, &why);

        cr_assert(st == rows[i].st && !s, "%s: %s: %s", rows[i].label, status_text(st),
                  why.text);
    }
    bus_server_close(NULL);
}

Test(endpoint, is_judged_before_anything_is_opened)
{
    char path[] = "ipc:///12345678901234567890123456789012345678901234567890123456789012"
                  "345678901234567890123456789012345678901234567";
    struct why why = {""};

    cr_assert(strlen(path) == 6 + 108);
    cr_assert(bus_check_endpoint(path, &why) == ST_INVALID, "108 bytes and a NUL");
    path[strlen(path) - 1] = '\0';
    cr_assert(bus_check_endpoint(path, &why) == ST_OK, "%s", why.text);
    cr_assert(bus_check_endpoint("tcp://127.0.0.1:1", &why) == ST_OK, "%s", why.text);
    cr_assert(bus_check_endpoint("tcp://192.0.2.1:1", &why) == ST_INVALID);
    cr_assert(bus_check_endpoint("mem://x", &why) == ST_INVALID, "not for processes");
}

Test(bus_server, socket_file_is_private_and_not_stolen)
{
    char folder[] = "/tmp/shortfall-bus-XXXXXX", path[64], endpoint[80];
    struct bus_server *s = NULL, *second = NULL;
    struct why why = {""};
    struct stat file;

    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/ingest", folder);
    snprintf(endpoint, sizeof endpoint, "ipc://%s", path);
    umask(0);
    cr_assert(!open_server(endpoint, &s, &why), "%s", why.text);
    cr_assert(!stat(path, &file));
    cr_assert((file.st_mode & 0777) == 0700, "mode %o", (unsigned)file.st_mode & 0777);
    cr_assert(umask(0) == 0, "the mask is as before");
    cr_assert(open_server(endpoint, &second, &why) == ST_CONFLICT, "%s", why.text);
    cr_assert(bus_server_wait(s, -1, 0, 0, &why) == ST_AGAIN, "nobody asked");
    bus_server_close(s);
    cr_assert(!open_server(endpoint, &s, &why), "after a close: %s", why.text);
    bus_server_close(s);
    cr_assert(!unlink(path));
    cr_assert(!rmdir(folder));
}

/* Else a client would hand its frames to nobody, and count them as sent. */
Test(socket, nothing_is_sent_before_somebody_is_there)
{
    void *context = zmq_ctx_new(), *socket;
    struct why why = {""};

    cr_assert(!socket_open(context, SOCKET_CLIENT_INGEST,
                           "ipc:///tmp/shortfall-nobody/ingest", &socket, &why),
              "%s", why.text);
    cr_assert(socket_send(socket, (struct bytes){(const uint8_t *)"x", 1}, false) ==
              ST_AGAIN);
    zmq_close(socket);
    zmq_ctx_term(context);
}
