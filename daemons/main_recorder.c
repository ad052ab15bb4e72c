/* The program shortfall-recorder. */
#include "recorder.h"

int main(int argc, char **argv)
{
    return daemon_main(&recorder_daemon, argc, argv);
}
