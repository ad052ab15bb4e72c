/* What only tests do to the streams behind mem://NAME. */
#ifndef SHORTFALL_BUS_BUS_MEM_H
#define SHORTFALL_BUS_BUS_MEM_H

/* As if the recorder of the stream had been restarted: it keeps its frames and knows no
 * connection any more. */
void bus_mem_restart(const char *endpoint);

/* Ends the stream; no bus may be open on it. Streams that are not ended live as long as
 * the process. */
void bus_mem_end(const char *endpoint);

#endif
