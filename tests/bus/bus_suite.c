/* Tells every story on a recorder of its own. */
#include "story.h"

#include <stdio.h>

static void tell(struct bus_fixture *f, const struct story *story)
{
    char label[128];

    snprintf(label, sizeof label, "%s: %s", f->name, story->label);
    story_label = label;
    f->start(f);
    story->tell(f);
    f->stop(f);
}

void bus_suite(struct bus_fixture *f)
{
    const struct story *const sets[] = {producer_stories, follower_stories};

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        for (const struct story *story = sets[i]; story->label; story++)
            tell(f, story);
}
