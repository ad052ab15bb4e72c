/* shortfall-notifier. */
#include "notifier.h"

int main(int argc, char **argv)
{
    return daemon_main(&notifier_daemon, argc, argv);
}
