/* The beginnings of lines that the tests of JSON go on from: one of each kind, without
 * what the tests vary and without the closing brace. */
#ifndef TESTS_PROTO_JSON_LINES_H
#define TESTS_PROTO_JSON_LINES_H

#define HEAD(kind)                                                                       \
    "{\"kind\":\"" kind "\",\"source\":\"s\",\"id\":\"i\",\"time\":\"2008-01-21\","
#define SHIPMENT                                                                         \
    HEAD("shipment")                                                                     \
    "\"from\":\"RUS\",\"to\":\"PRK\",\"commodity\":\"heavy_fuel_oil\",\"quantity\":"     \
    "50000,"                                                                             \
    "\"unit\":\"t\""
#define PLEDGE_ROUTE                                                                     \
    HEAD("pledge")                                                                       \
    "\"from\":\"RUS\",\"to\":\"PRK\",\"commodity\":\"heavy_fuel_oil\",\"quantity\":"     \
    "200000,"                                                                            \
    "\"unit\":\"t\""
#define PRICE                                                                            \
    "{\"kind\":\"price\",\"source\":\"eia\",\"time\":\"2008-07-03\","                    \
    "\"commodity\":\"crude_oil\",\"market\":\"brent\",\"currency\":\"USD\",\"unit\":"    \
    "\"bbl\""
#define POLICY                                                                           \
    HEAD("policy") "\"actor\":\"KOR\",\"target\":\"PRK\",\"instrument\":\"aid stop\""
#define STOCK HEAD("stock") "\"country\":\"PRK\",\"commodity\":\"rice\""
#define USE                                                                              \
    HEAD("use")                                                                          \
    "\"country\":\"PRK\",\"commodity\":\"food\",\"quantity\":5128000,\"unit\":\"t\""

#endif
