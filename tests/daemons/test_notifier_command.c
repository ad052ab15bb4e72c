/* Commands of the notifier: what they are told, how they end, and that none is left. */
#include "../../daemons/notifier_command.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND INT64_C(1000000) /* in microseconds */
#define HOUR   (3600 * SECOND)

static char folder[] = "/tmp/shortfall-command-XXXXXX";

static void begin(void)
{
    struct why why = {""};

    cr_assert(mkdtemp(folder));
    cr_assert(!chdir(folder));
    (void)signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(command_prepare(&why), ST_OK, "%s", why.text);
}

static void end(void)
{
    static const char *const names[] = {"out", "fifo"};

    for (size_t i = 0; i < 2; i++)
        (void)unlink(names[i]);
    cr_assert(!rmdir(folder));
}

TestSuite(notifier_command, .init = begin, .fini = end);

static enum status run(const char *text, int64_t timeout_us, int stop_fd, struct why *why)
{
    static const struct command_variable variables[] = {{"SHORTFALL_RULE", "a rule=1"},
                                                        {"SHORTFALL_STATE", "firing"}};
    const struct command command = {.text = text,
                                    .timeout_us = timeout_us,
                                    .variables = variables,
                                    .variables_len = 2,
                                    .input = TEXT_LITERAL("{\"a\":1}\n")};

    return command_run(&command, stop_fd, why);
}

static const struct {
    const char *command;
    int64_t timeout_us;
    enum status st;
    const char *why; /* part of it */
} rows[] = {
    {"true", HOUR, ST_OK, ""},
    {"exit 1", HOUR, ST_REFUSED, "exit status 1"},
    {"exit 255", HOUR, ST_REFUSED, "exit status 255"},
    {"kill -9 $$", HOUR, ST_REFUSED, "signal 9"},
    {"/no/such/program 2>&-", HOUR, ST_REFUSED, "exit status 127"},
    {"read line && [ \"$line\" = '{\"a\":1}' ]", HOUR, ST_OK, ""},
    {"[ \"$(cat | wc -l)\" -eq 1 ]", HOUR, ST_OK, ""}, /* its input ends */
    {"[ \"$SHORTFALL_RULE $SHORTFALL_STATE\" = 'a rule=1 firing' ]", HOUR, ST_OK, ""},
    {"[ \"$SHORTFALL_OTHER\" = kept ]", HOUR, ST_OK, ""},
    {"sleep 1000", 10000, ST_REFUSED, "not done within 10ms"},
    {"trap '' TERM; sleep 1000", 10000, ST_REFUSED, "not done within 10ms"},
    /* Signals that we ignore are as in a new process. */
    {"kill -PIPE $$", HOUR, ST_REFUSED, "signal 13"},
};

Test(notifier_command, ends_as_its_exit_status_says)
{
    /* An old value does not hide the new one. */
    cr_assert(!setenv("SHORTFALL_RULE", "old", 1));
    cr_assert(!setenv("SHORTFALL_OTHER", "kept", 1));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct why why = {""};
        enum status st = run(rows[i].command, rows[i].timeout_us, -1, &why);

        cr_assert_eq(st, rows[i].st, "%s: %d %s", rows[i].command, (int)st, why.text);
        cr_assert(strstr(why.text, rows[i].why) != NULL, "%s: %s", rows[i].command,
                  why.text);
    }
}

Test(notifier_command, need_not_read_what_it_is_told)
{
    static char large[1024 * 1024];
    struct why why = {""};
    const struct command command = {
        .text = "exec <&-", .timeout_us = HOUR, .input = {large, sizeof large}};
    struct command reader = command;

    memset(large, 'x', sizeof large);
    cr_assert_eq(command_run(&command, -1, &why), ST_OK, "%s", why.text);
    reader.text = "[ \"$(wc -c)\" -eq 1048576 ]";
    cr_assert_eq(command_run(&reader, -1, &why), ST_OK, "%s", why.text);
}

Test(notifier_command, has_no_file_of_ours)
{
    int fd = open("out", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    char command[64];
    struct why why = {""};

    cr_assert(fd > 2);
    snprintf(command, sizeof command, "[ -e /dev/fd/1 ] && [ ! -e /dev/fd/%d ]", fd);
    cr_assert_eq(run(command, HOUR, -1, &why), ST_OK, "%s", why.text);
    close(fd);
}

Test(notifier_command, may_finish_when_we_are_told_to_stop)
{
    struct why why = {""};
    int stop[2];

    cr_assert(!pipe(stop));
    cr_assert_eq(write(stop[1], "", 1), 1);
    cr_assert_eq(run("cat >&2", HOUR, stop[0], &why), ST_OK, "%s", why.text);
    cr_assert_eq(run("exit 1", HOUR, stop[0], &why), ST_REFUSED);
    cr_assert_eq(run("sleep 1000", 10000, stop[0], &why), ST_STOPPED);
}

/* The other end of the fifo is held by what the command has started: when nobody holds it
 * any more, nothing of it is left. The time grows until it was enough to start. */
Test(notifier_command, is_killed_with_all_it_has_started)
{
    struct pollfd fifo = {.events = POLLIN};
    struct why why = {""};
    char byte;

    cr_assert(!mkfifo("fifo", 0600));
    fifo.fd = open("fifo", O_RDONLY | O_NONBLOCK);
    cr_assert(fifo.fd >= 0);
    for (int64_t timeout_us = 20000; read(fifo.fd, &byte, 1) != 1; timeout_us *= 2)
        cr_assert_eq(run("(echo; exec sleep 1000) >fifo & wait", timeout_us, -1, &why),
                     ST_REFUSED);
    cr_assert(poll(&fifo, 1, -1) == 1 && (fifo.revents & POLLHUP));
    close(fifo.fd);
}
