/* The limit of the live path: two processes, DEALER to ROUTER. One frame a message; what
 * is readable is one commit of one row a frame, FULL; then decoded, balanced, judged, and
 * answered. No followers, no resends, no second daemon. */
#include "limit_sqlite.h"
#include "limit_state.h"
#include "schedule.h"

#include <signal.h>
#include <sys/select.h>
#include <unistd.h>
#include <zmq.h>

#define IN_FLIGHT 64

static void *open_socket(int type, const char *endpoint)
{
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, type);

    if (socket == NULL || (type == ZMQ_ROUTER ? zmq_bind(socket, endpoint)
                                              : zmq_connect(socket, endpoint)) != 0)
        measure_fail("%s: %s", endpoint, zmq_strerror(zmq_errno()));
    return socket;
}

/* A frame's sender and its body; false: none is there. */
static bool take(void *socket, zmq_msg_t parts[2], int flags)
{
    (void)zmq_msg_init(&parts[0]), (void)zmq_msg_init(&parts[1]);
    return zmq_msg_recv(&parts[0], socket, flags) >= 0 &&
           zmq_msg_recv(&parts[1], socket, 0) >= 0;
}

static struct measure_body body_of(zmq_msg_t *part)
{
    const uint8_t *at = zmq_msg_data(part); /* its head is as schedule_frame writes it */

    return (struct measure_body){at, (uint32_t)zmq_msg_size(part),
                                 (uint32_t)at[1] << 8 | at[2]};
}

_Noreturn static void serve(const char *endpoint, const char *path, uint64_t events)
{
    static zmq_msg_t parts[IN_FLIGHT][2];
    void *socket = open_socket(ZMQ_ROUTER, endpoint);
    sqlite3 *db = limit_open(path, LIMIT_JOURNAL);
    sqlite3_stmt *begin = limit_prepare(db, "BEGIN");
    sqlite3_stmt *commit = limit_prepare(db, "COMMIT");
    sqlite3_stmt *insert = limit_prepare_frame(db);
    uint64_t pos = 0;
    uint64_t seq = 0;

    limit_state_begin(events);
    for (;;) {
        size_t len = 0;

        while (len < IN_FLIGHT && take(socket, parts[len], len == 0 ? 0 : ZMQ_DONTWAIT))
            len++;
        limit_step(begin);
        for (size_t i = 0; i < len; i++) {
            limit_put_frame(insert, ++pos, seq + 1, body_of(&parts[i][1]));
            seq += body_of(&parts[i][1]).events;
        }
        limit_step(commit);
        for (size_t i = 0; i < len; i++) {
            (void)limit_step_frame(body_of(&parts[i][1]));
            (void)zmq_msg_send(&parts[i][0], socket, ZMQ_SNDMORE);
            (void)zmq_send(socket, &pos, sizeof pos, 0);
            (void)zmq_msg_close(&parts[i][1]);
        }
    }
}

/* All that is there; then waits for more, but not beyond `until_ns` (0: for ever). */
static bool take_answer(void *socket, int64_t until_ns)
{
    uint64_t pos;
    size_t size = sizeof(int);
    int fd;
    fd_set readable;
    int64_t left_ns = until_ns - measure_now_ns();
    struct timespec left = {left_ns / 1000000000, left_ns % 1000000000};

    if (zmq_recv(socket, &pos, sizeof pos, until_ns == 0 ? 0 : ZMQ_DONTWAIT) > 0)
        return true;
    if (left_ns <= 0 || zmq_getsockopt(socket, ZMQ_FD, &fd, &size) != 0)
        return false;
    FD_ZERO(&readable);
    FD_SET(fd, &readable);
    (void)pselect(fd + 1, &readable, NULL, NULL, &left, NULL);
    return zmq_recv(socket, &pos, sizeof pos, ZMQ_DONTWAIT) > 0;
}

/* A frame's answer says that its events are durable, balanced and judged. */
static void publish(void *socket, struct schedule *s, struct latencies *latencies)
{
    static uint8_t frame[SCHEDULE_FRAME_SIZE];
    uint64_t
        ends[IN_FLIGHT]; /* of the frames on their way: index behind the last event */
    uint64_t sent = 0;
    uint64_t answered = 0;
    uint32_t events;

    for (uint64_t event = 0; event < s->stream->len;) {
        bool full = sent - answered == IN_FLIGHT;
        size_t len = full ? 0 : schedule_frame(s, frame, &events);

        if (len > 0) {
            (void)zmq_send(socket, frame, len, 0);
            ends[sent++ % IN_FLIGHT] = s->next;
        }
        int64_t until_ns = full || schedule_is_done(s) ? 0 : schedule_next_ns(s);

        while (answered < sent && take_answer(socket, until_ns)) {
            for (uint64_t end = ends[answered++ % IN_FLIGHT]; event < end; event++)
                latencies_note(latencies, s, event);
            until_ns += until_ns == 0;
        }
        if (answered == sent && !schedule_is_done(s))
            measure_wait_until(schedule_next_ns(s));
    }
}

int main(int argc, char **argv)
{
    if (argc != 6)
        measure_fail("usage: limit_live FRAMES-OF-ONE FILE ENDPOINT RATE EVENTS");
    static struct measure_frames frames; /* static: they end with the process */
    static struct stream stream;
    static struct latencies latencies;
    struct schedule s = {.stream = &stream, .rate = measure_number(argv[4])};
    pid_t server = fork();
    if (server == 0)
        serve(argv[3], argv[2], measure_number(argv[5]));
    frames = measure_frames_read(argv[1]);
    for (size_t i = 0; i < measure_number(argv[5]); i++) /* each a list of one */
        stream_add(&stream, frames.list[i % frames.len].at + 1,
                   frames.list[i % frames.len].len - 1);
    s.sampled = schedule_sampled(s.rate);
    latencies_open(&latencies, &s);
    void *socket = open_socket(ZMQ_DEALER, argv[3]);

    s.start_ns = measure_now_ns() + 300000000; /* the server has set up by then */
    measure_wait_until(s.start_ns);
    publish(socket, &s, &latencies);
    latencies_print(&latencies, &s, "limit/live");
    (void)kill(server, SIGKILL);
    return 0;
}
