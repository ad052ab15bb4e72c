/* What no client sends: raw bytes, wrong parts, wrong messages. */
#ifndef TESTS_BUS_ATTACK_H
#define TESTS_BUS_ATTACK_H

/* Random bytes, half greetings and lies about lengths into the socket file at `path`. */
void attack_with_bytes(const char *path);

/* Well-formed ZeroMQ messages that are not ours to `endpoint`; returns how many the
 * server must have counted as malformed, each of which it has answered when this returns.
 */
unsigned attack_with_messages(const char *endpoint);

#endif
