/* What the arrays of a world depend on: the sizes of what they hold, and the tables whose
 * numbers stand in them. */
#include "layout.h"

#include "state.h"

#define PURPOSE_LAYOUT UINT64_C(0x73662d6c61796f)

/* One number after the other into a running hash. */
static void mix(struct hash128 *sum, uint64_t number)
{
    uint64_t words[3] = {sum->low, sum->high, number};

    *sum = hash128_of(words, sizeof words, PURPOSE_LAYOUT);
}

static void mix_sizes(struct hash128 *sum)
{
    static const size_t sizes[] = {
        sizeof(struct world),         sizeof(struct fact),
        sizeof(struct shipment_fact), sizeof(struct pledge_fact),
        sizeof(struct price_fact),    sizeof(struct policy_fact),
        sizeof(struct level_fact),    sizeof(struct waiting),
        sizeof(struct account),       sizeof(struct series),
        sizeof(struct instance),      sizeof(struct leaf),
        sizeof(struct node),          sizeof(struct entry),
        sizeof(struct run),           sizeof(struct hash_slot),
        sizeof(struct agenda_item),   sizeof(struct waiting_posting),
        sizeof(struct lane),          sizeof(struct tick_leaf),
        sizeof(struct tick_node)};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        mix(sum, sizes[i]);
}

/* Places, commodities and units stand in the arrays as numbers of their tables. */
static void mix_tables(struct hash128 *sum)
{
    for (size_t i = 0; i < place_count(); i++) {
        mix(sum, place_digest((place_id)i));
        mix(sum, place_has_balance((place_id)i));
    }
    for (size_t i = 0; i < commodity_count(); i++) {
        const struct commodity *c = commodity_get((commodity_id)i);

        mix(sum, commodity_digest((commodity_id)i));
        mix(sum, (uint64_t)c->dimension << 16 | c->group);
        mix(sum, (uint64_t)c->to_group.num);
        mix(sum, (uint64_t)c->to_group.den);
        for (size_t set = 0; set < FACTOR_SETS_MAX; set++) {
            mix(sum, (uint64_t)c->barrels[set].num);
            mix(sum, (uint64_t)c->barrels[set].den);
        }
    }
    for (size_t i = 0; i < unit_count(); i++) {
        int64_t num;
        int64_t den;

        unit_size((unit_id)i, &num, &den);
        mix(sum, unit_digest((unit_id)i));
        mix(sum, (uint64_t)num);
        mix(sum, (uint64_t)den);
    }
}

/* The words are hashed as they stand in memory, so their byte order counts too. */
struct hash128 layout_of_core(size_t head_size)
{
    struct hash128 sum = {UINT64_C(0x0123456789abcdef), 2};

    mix(&sum, head_size);
    mix_sizes(&sum);
    mix_tables(&sum);
    return sum;
}
