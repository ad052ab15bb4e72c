/* How fast this machine is now: a fixed loop of whole numbers and of reads and writes all
 * over 32 MiB, about what decoding and hashing ask of it. House figures are rescaled by
 * its rate (bench/README.md). Must never change: every figure hangs on it. */
#include "measure.h"

#include <stdlib.h>

#define TABLE_LEN (UINT64_C(1) << 22)
#define ROUNDS    UINT64_C(5000000)

int main(void)
{
    uint64_t *table = calloc(TABLE_LEN, sizeof *table);
    uint64_t state = 1;

    if (table == NULL)
        measure_fail("no memory");
    for (uint64_t i = 0; i < TABLE_LEN; i++)
        table[i] = i;
    struct measure_span begin = measure_begin();

    for (uint64_t i = 0; i < ROUNDS; i++) {
        uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        z ^= z >> 31;
        table[z % TABLE_LEN] += z;
        if ((table[(z >> 32) % TABLE_LEN] & 7) < 3)
            state ^= z;
    }
    measure_print_rate("calibrate", ROUNDS, measure_since(begin));
    free(table);
    return state == 0;
}
