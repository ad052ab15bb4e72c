/* The program shortfall-feed. */
#include "feed.h"

int main(int argc, char **argv)
{
    return daemon_main(&feed_daemon, argc, argv);
}
