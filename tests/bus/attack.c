/* Attackers in the test's own process. The random bytes are the same at each run. */
#include "attack.h"

#include "../../bus/wire.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

static int connect_raw(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    cr_assert(fd >= 0 && strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    cr_assert(!connect(fd, (const struct sockaddr *)&address, sizeof address));
    return fd;
}

static unsigned random_next(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

/* The start of a ZMTP 3 connection as a DEALER: greeting, then READY. */
#define GREETING                                                                         \
    "\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"                 \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define READY "\4\x1c\5READY\x0bSocket-Type\0\0\0\6DEALER"

static const struct lie {
    const char *label;
    const char *bytes;
    size_t len;
} lies[] = {
    {"nothing at all", "", 0},
    {"half a greeting", "\xff\0\0\0\0\0\0\0\1", 9},
    {"greeting, then silence", GREETING, 64},
    {"version 1", "\1\0", 2},
    {"greeting, then no command", GREETING "\xff\xff\xff\xff", 68},
    {"a message of 2^62 bytes", GREETING READY "\2\x40\0\0\0\0\0\0\0", 64 + 30 + 9},
    {"a length with the top bit", GREETING READY "\2\xff\xff\xff\xff\xff\xff\xff\xff",
     64 + 30 + 9},
    {"shorter than it says", GREETING READY "\0\x40half", 64 + 30 + 6},
    {"part after part", GREETING READY "\1\1a\1\1b\1\1c", 64 + 30 + 9},
};

void attack_with_bytes(const char *path)
{
    unsigned seed = 1;

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        int fd = connect_raw(path);

        cr_assert(send(fd, lies[i].bytes, lies[i].len, MSG_NOSIGNAL) ==
                      (ssize_t)lies[i].len,
                  "%s", lies[i].label);
        close(fd);
    }
    for (int round = 0; round < 50; round++) {
        char noise[256];
        int fd = connect_raw(path);

        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (char)random_next(&seed);
        if (round % 2)
            memcpy(noise, GREETING, 64);
        /* The other side may have hung up by then: that is what it should do. */
        cr_assert(send(fd, noise, sizeof noise, MSG_NOSIGNAL) != 0);
        close(fd);
    }
}

static void send_parts(void *socket, const void *bytes, size_t len, int parts)
{
    for (int i = 1; i <= parts; i++)
        cr_assert(zmq_send(socket, bytes, len, i < parts ? ZMQ_SNDMORE : 0) == (int)len);
}

/* Each is one message, and each is answered by one sorry. */
static unsigned send_malformed(void *socket)
{
    static const struct {
        const char *label;
        const char *bytes;
        size_t len;
        int parts;
    } rows[] = {
        {"empty", "", 0, 1},
        {"two empty parts", "", 0, 2},
        {"three parts", "\1\1\0\0", 4, 3},
        {"ten thousand parts", "x", 1, 10000},
        {"a header cut short", "\1\1\0", 3, 1},
        {"another version", "\2\1\0\0", 4, 1},
        {"no kind", "\1\0\0\0", 4, 1},
        {"a kind of tomorrow", "\1\x63\0\0", 4, 1},
        {"a message of the server", "\1\4\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0", 21, 1},
        {"hello without a name", "\1\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 15, 1},
        {"hello of a bad name", "\1\1\0\0\0\0\0\0\0\0\0\0\0\3\0A B", 18, 1},
        {"hello with a long tail", "\1\1\0\0\0\0\0\0\0\0\0\0\0\1\0abc", 18, 1},
        {"submit, cursor beyond the end", "\1\2\0\0\1\0\0\0\0\0\0\0\1\xff\3", 15, 1},
    };
    unsigned len = sizeof rows / sizeof *rows;

    for (size_t i = 0; i < len; i++)
        send_parts(socket, rows[i].bytes, rows[i].len, rows[i].parts);
    return len;
}

static void await_sorries(void *socket, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint8_t bytes[512];
        struct wire_message m;
        struct why why = {""};
        int len = zmq_recv(socket, bytes, sizeof bytes, 0);

        cr_assert(len > 0, "only %u of %u were answered", i, count);
        cr_assert(!wire_read((struct bytes){bytes, (size_t)len}, &m, &why), "%s",
                  why.text);
        cr_assert(m.kind == WIRE_SORRY && m.text.len > 0, "kind %d", m.kind);
    }
}

/* Types that a ROUTER does not talk to, or that add a part of their own. */
static void connect_strangers(void *context, const char *endpoint)
{
    static const int types[] = {ZMQ_SUB, ZMQ_PUSH, ZMQ_PAIR, ZMQ_REQ};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        void *socket = zmq_socket(context, types[i]);
        int linger = 0;

        zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
        cr_assert(!zmq_connect(socket, endpoint));
        if (types[i] != ZMQ_SUB)
            cr_assert(zmq_send(socket, "x", 1, ZMQ_DONTWAIT) >= -1);
        zmq_close(socket);
    }
}

unsigned attack_with_messages(const char *endpoint)
{
    static char big[WIRE_MESSAGE_MAX + 1];
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    void *huge = zmq_socket(context, ZMQ_DEALER);
    int linger = 0, timeout = 20000;
    unsigned sent;

    zmq_setsockopt(huge, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    cr_assert(!zmq_connect(huge, endpoint));
    cr_assert(zmq_send(huge, big, sizeof big, 0) == (int)sizeof big);
    cr_assert(!zmq_connect(socket, endpoint));
    sent = send_malformed(socket);
    connect_strangers(context, endpoint);
    await_sorries(socket, sent);
    zmq_close(huge);
    zmq_close(socket);
    zmq_ctx_term(context);
    return sent;
}
