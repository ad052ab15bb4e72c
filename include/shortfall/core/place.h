/* Places (ISO 3166-1 alpha-3) and registered parties (WFP, KEDO, ...): the table made
 * from data/places.yaml when the program is built. Only places have balances. */
#ifndef SHORTFALL_CORE_PLACE_H
#define SHORTFALL_CORE_PLACE_H

#include "shortfall/core/text.h"

typedef uint16_t place_id; /* index into the table */
#define PLACE_NONE UINT16_MAX
#define PLACE_ANY  (UINT16_MAX - 1) /* `*`, for actor and target of a policy */

size_t place_count(void);
place_id place_find(struct text code); /* PLACE_NONE: unknown. Not `*`. */
const char *place_code(place_id id);   /* "*" for PLACE_ANY, "-" for PLACE_NONE */
/* A hash of the code's text: the same wherever the place stands in its table. */
uint64_t place_digest(place_id id);
const char *place_name(place_id id);
bool place_has_balance(place_id id); /* false for parties and for PLACE_ANY */

/* What the writer may have meant: the code of a near code or of an alias ("North Korea",
 * "KP"), or NULL. */
const char *place_suggest(struct text code);

#endif
