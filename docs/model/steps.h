/* The kinds of step in a trace, for replay.pml and traces.c. */
#define STARTS 1
#define CRASHES 2
#define WISHES 3
#define WITHDRAWS 4
#define ENTERS 5
#define ENTERS_ELECTED 6
#define STORES 7
#define PUBLISHES 8
#define ANNOUNCES 9
#define VOTES 10
#define LOCKS 11
#define SHARES 12
#define CERTIFIES 13
#define IS_PLACED 14
