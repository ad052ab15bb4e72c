/* Sockets with every option that ZeroMQ leaves dangerous set by one table. Must never
 * wait but in socket_wait, and never open a door to another host in clear text. */
#include "socket.h"

#include "wire.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int64_t monotonic_us(void)
{
    struct timespec t;
    int failed = clock_gettime(CLOCK_MONOTONIC, &t);

    assert(!failed); /* every system we run on has it */
    return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t deadline_us(int64_t now_us, int64_t timeout_ms)
{
    if (timeout_ms < 0 || timeout_ms > INT64_MAX / 1000 - now_us / 1000 - 1)
        return INT64_MAX;
    return now_us + timeout_ms * 1000;
}

static const char *ipc_path(const char *endpoint)
{
    return strncmp(endpoint, "ipc://", 6) == 0 ? endpoint + 6 : NULL;
}

static bool is_loopback(const char *endpoint)
{
    const char *host = endpoint + 6;
    const char *port = strrchr(host, ':');
    char name[INET_ADDRSTRLEN];
    struct in_addr address;

    if (!port || port == host || (size_t)(port - host) >= sizeof name)
        return false;
    text_copy((struct text){host, (uint32_t)(port - host)}, name, sizeof name);
    return inet_pton(AF_INET, name, &address) == 1 &&
           ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
}

enum status endpoint_check(const char *endpoint, struct why *why)
{
    const char *path = ipc_path(endpoint);

    if (path && (*path == '\0' || *path == '@' || *path == '*'))
        return why_set(why, ST_INVALID,
                       "%s: an ipc endpoint is the path of a file in a private folder",
                       endpoint);
    if (path && strlen(path) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
        return why_set(why, ST_INVALID, "%s: the path is longer than %zu bytes", endpoint,
                       sizeof((struct sockaddr_un *)NULL)->sun_path - 1);
    if (path)
        return ST_OK;
    if (strncmp(endpoint, "tcp://", 6) != 0)
        return why_set(why, ST_INVALID, "%s: neither ipc://PATH nor tcp://HOST:PORT",
                       endpoint);
    if (!is_loopback(endpoint))
        return why_set(why, ST_INVALID,
                       "%s: clear text only on loopback, tcp://127.0.0.1:PORT", endpoint);
    return ST_OK;
}

struct option {
    int name, value;
};

static const struct option common_options[] = {
    {ZMQ_RECONNECT_IVL, 50},       {ZMQ_RECONNECT_IVL_MAX, 1000},
    {ZMQ_HANDSHAKE_IVL, 3000},     {ZMQ_HEARTBEAT_IVL, 2000},
    {ZMQ_HEARTBEAT_TIMEOUT, 6000}, {ZMQ_HEARTBEAT_TTL, 6000},
    {ZMQ_TCP_KEEPALIVE, 1},        {ZMQ_IPV6, 0},
};

/* Messages queued for one peer: room for all that the protocol lets be on its way, so
 * that the protocol's own limits are met before these. Twice, where a full queue has its
 * price: ZeroMQ learns of what was read by halves of the queue only. */
#define WINDOW_HWM (BUS_WINDOW_MAX + 8)
#define CREDIT_HWM (2 * (BUS_CREDIT_MAX + 64))
#define ANSWER_HWM 1024

static const struct role {
    int type, send_hwm, receive_hwm;
    struct option option; /* the one that matters for this type */
    int linger_ms; /* a server's last answers may leave; a client's window is void */
} roles[] = {
    [SOCKET_CLIENT_INGEST] = {ZMQ_DEALER, WINDOW_HWM, ANSWER_HWM, {ZMQ_IMMEDIATE, 1}, 0},
    [SOCKET_CLIENT_READER] = {ZMQ_DEALER, ANSWER_HWM, CREDIT_HWM, {ZMQ_IMMEDIATE, 1}, 0},
    [SOCKET_SERVER_INGEST] =
        {ZMQ_ROUTER, ANSWER_HWM, WINDOW_HWM, {ZMQ_ROUTER_MANDATORY, 1}, 200},
    [SOCKET_SERVER_READER] =
        {ZMQ_ROUTER, CREDIT_HWM, WINDOW_HWM, {ZMQ_ROUTER_MANDATORY, 1}, 200},
};

static enum status set_options(void *socket, const struct option *options, size_t len,
                               struct why *why)
{
    for (size_t i = 0; i < len; i++)
        if (zmq_setsockopt(socket, options[i].name, &options[i].value, sizeof(int)))
            return why_set(why, ST_IO, "socket option %d: %s", options[i].name,
                           zmq_strerror(errno));
    return ST_OK;
}

static enum status configure(void *socket, const struct role *role, struct why *why)
{
    const struct option own[] = {{ZMQ_SNDHWM, role->send_hwm},
                                 {ZMQ_RCVHWM, role->receive_hwm},
                                 {ZMQ_LINGER, role->linger_ms},
                                 role->option};
    int64_t size_max = WIRE_MESSAGE_MAX;
    enum status st = set_options(socket, common_options,
                                 sizeof common_options / sizeof *common_options, why);

    if (!st)
        st = set_options(socket, own, sizeof own / sizeof *own, why);
    if (!st && zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &size_max, sizeof size_max))
        st = why_set(why, ST_IO, "largest message: %s", zmq_strerror(errno));
    return st;
}

/* ZeroMQ unlinks a socket file before it binds, in use or not: so ask first. */
static enum status check_unserved(const char *endpoint, struct why *why)
{
    const char *path = ipc_path(endpoint);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;
    int failed;

    if (!path)
        return ST_OK;
    assert(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        return why_set(why, ST_IO, "%s: %s", endpoint, strerror(errno));
    failed = connect(fd, (const struct sockaddr *)&address, sizeof address);
    close(fd);
    if (!failed)
        return why_set(why, ST_CONFLICT, "%s: another process listens there", endpoint);
    return ST_OK;
}

static enum status bind_privately(void *socket, const char *endpoint, struct why *why)
{
    enum status st = check_unserved(endpoint, why);
    mode_t mask;
    int failed;
    int error;

    if (st)
        return st;
    mask = umask(0077);
    failed = zmq_bind(socket, endpoint);
    error = errno;
    umask(mask);
    if (failed)
        return why_set(why, error == EADDRINUSE ? ST_CONFLICT : ST_IO, "listen on %s: %s",
                       endpoint, zmq_strerror(error));
    return ST_OK;
}

static enum status attach(void *socket, enum socket_role role, const char *endpoint,
                          struct why *why)
{
    if (roles[role].type == ZMQ_ROUTER)
        return bind_privately(socket, endpoint, why);
    if (zmq_connect(socket, endpoint))
        return why_set(why, ST_INVALID, "connect to %s: %s", endpoint,
                       zmq_strerror(errno));
    return ST_OK;
}

enum status socket_open(void *context, enum socket_role role, const char *endpoint,
                        void **out, struct why *why)
{
    enum status st = endpoint_check(endpoint, why);
    void *socket;

    if (st)
        return st;
    socket = zmq_socket(context, roles[role].type);
    if (!socket)
        return why_set(why, errno == ENOMEM ? ST_NO_MEMORY : ST_IO, "open a socket: %s",
                       zmq_strerror(errno));
    st = configure(socket, &roles[role], why);
    if (!st)
        st = attach(socket, role, endpoint, why);
    if (st) {
        zmq_close(socket);
        return st;
    }
    *out = socket;
    return ST_OK;
}

enum status socket_send(void *socket, struct bytes part, bool more)
{
    int sent;

    do
        sent =
            zmq_send(socket, part.at, part.len, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return ST_OK;
    assert(errno == EAGAIN || errno == EHOSTUNREACH);
    return errno == EAGAIN ? ST_AGAIN : ST_UNREACHABLE;
}

enum status socket_take(void *socket, zmq_msg_t *part)
{
    int taken;

    do
        taken = zmq_msg_recv(part, socket, ZMQ_DONTWAIT);
    while (taken < 0 && errno == EINTR);
    assert(taken >= 0 || errno == EAGAIN);
    return taken < 0 ? ST_AGAIN : ST_OK;
}

size_t socket_drain(void *socket, zmq_msg_t *part)
{
    size_t parts = 0;

    /* A message arrives whole: its other parts are there. */
    while (zmq_msg_more(part) && !socket_take(socket, part))
        parts++;
    return parts;
}

struct bytes part_bytes(zmq_msg_t *part)
{
    return (struct bytes){zmq_msg_data(part), zmq_msg_size(part)};
}

/* Rounded up, so that a wait never ends just before its time. */
static long poll_ms(int64_t until_us)
{
    int64_t left_us;

    if (until_us == INT64_MAX)
        return -1;
    left_us = until_us - monotonic_us();
    if (left_us <= 0)
        return 0;
    return left_us / 1000 >= INT_MAX ? INT_MAX : (long)((left_us + 999) / 1000);
}

enum status socket_wait(zmq_pollitem_t *items, int items_len, int stop_fd,
                        int64_t until_us, struct why *why)
{
    if (stop_fd >= 0)
        items[items_len] = (zmq_pollitem_t){NULL, stop_fd, ZMQ_POLLIN, 0};
    if (zmq_poll(items, items_len + (stop_fd >= 0), poll_ms(until_us)) < 0 &&
        errno != EINTR)
        return why_set(why, ST_IO, "wait for the bus: %s", zmq_strerror(errno));
    if (stop_fd >= 0 && items[items_len].revents)
        return why_set(why, ST_STOPPED, "told to stop");
    return ST_OK;
}
