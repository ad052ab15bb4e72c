/* shortfall-aggregator. */
#include "aggregator.h"

int main(int argc, char **argv)
{
    return daemon_main(&aggregator_daemon, argc, argv);
}
