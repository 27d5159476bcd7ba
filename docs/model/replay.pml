/*
 * Holds a trace of the Swift machines to the rules: each line must be a step that the rules allow in the state which the
 * lines before it have led to. The trace is the file that the environment variable TRACE names, see traces.c.
 */

#include "steps.h"

/* Which view a member shows and signs in: the one it has announced (the action `entered`), never above its disk's. */
byte shown[N];
byte up[N];
/* Which wishes have ever been durable: from view v for v + k, bit k. What is said late was durable once. */
byte stood[N * (VIEWS + 1)];
#define STOOD(j, v) stood[(j) * (VIEWS + 1) + (v)]

int at;                                 /* the line */
hidden byte op, i, a, b, by;
hidden int many;

c_decl {
\#include "traces.c"
};

/* Reasons as they stand in records: soft, hard, joined, joinedHard. */
#define IS_HARD(why) ((why) == 1 || (why) == 3)
#define AUTHOR(j, unused, unused2) ((by >> j) & 1)
/* Author j of a certificate is a liar, or has wished so. */
#define VOUCHES(j, from, w) (!AUTHOR(j, 0, 0) || IS_LIAR(j) || WISHED(j, from, w))
#define IS_LIAR(j) ((liarmask >> j) & 1)
byte liarmask;

#define ALIVE (up[i] && !IS_LIAR(i))
#define ROOM (m[i].nq < INFLIGHT && m[i].np < INFLIGHT)

/* Which wishes the rules allow, by the reason that the machine gave. */
#define MAY_WISH \
    (m[i].dview > 0 && a == RVIEW(i) && b > a && ROOM && (b != RWISH(i) || IS_HARD(by) != IS_HARD(RHARD(i))) && \
    (by <= 1 && (SUSPECTS(i, b) || JOINS(i, b)) || by == 2 && JOINS(i, b) || \
     by == 3 && (JOINS_HARD(i, b) || SUSPECTS(i, b) && JOINS_HARD(i, a + 1))))

active proctype Replay() {
    d_step {
        init_members();
        for (k : 0 .. N - 1) { STOOD(k, 1) = 1 };
        c_code { load(N, VIEWS); now.liars = liar_count; now.liarmask = liar_mask; many = steps; }
    };
    do
    :: at < many ->
        d_step {
            c_code {
                op = step[now.at].op; i = step[now.at].member; a = step[now.at].a; b = step[now.at].b;
                by = step[now.at].by;
            };
            if
            :: op == STARTS && !up[i] && a == m[i].dview -> up[i] = 1
            :: op == CRASHES && ALIVE -> crash(i); up[i] = 0; shown[i] = 0
            :: op == WISHES && ALIVE && MAY_WISH -> hand_wish(i, b, by)
            :: op == WITHDRAWS && ALIVE && ROOM && a == RVIEW(i) && RWISH(i) > a -> withdraw(i)
            :: op == ENTERS && ALIVE && ROOM && a > RVIEW(i) && b < a && TALLY(AUTHOR, 0, 0) >= Q &&
                    TALLY(VOUCHES, b, a) == N -> enter(i, a)
            :: op == ENTERS_ELECTED && ALIVE && ROOM && a > RVIEW(i) && elected[a] -> enter(i, a)
            :: op == STORES && ALIVE && m[i].nq > 0 && m[i].qview[0] == a && m[i].qwish[0] == b && m[i].qhard[0] == by ->
                durable(i);
                STOOD(i, a) = STOOD(i, a) | (1 << (b - a))
            :: op == PUBLISHES && ALIVE && b >= a && b - a < 8 && ((STOOD(i, a) >> (b - a)) & 1) ->
                y = (by == 1);
                publish(i, a, b, y)
            :: op == ANNOUNCES && ALIVE && a == RVIEW(i) && a == m[i].dview && a >= shown[i] -> shown[i] = a
            :: op == VOTES && ALIVE && ROOM && a == shown[i] && PERMITS(i, a, b) && !VOTED(i, a, b) -> vote(i, a, b)
            :: op == LOCKS && ALIVE && m[i].np > 0 && m[i].pview[0] == a && m[i].pstmt[0] == b -> locked(i)
            :: op == SHARES && ALIVE && a == shown[i] && m[i].lview == a && m[i].lstmt == b && VOTED(i, a, b) ->
                share(i, a, b)
            :: op == CERTIFIES && elected[a] -> skip
            :: op == IS_PLACED && ALIVE && m[i].nq == 0 && a >= m[i].dview ->
                m[i].dview = a; m[i].dwish = a; m[i].dhard = 0; shown[i] = a
            :: else ->
                c_code { refuse(now.at); };
                HOLDS(trace_is_allowed, false)
            fi;
            at++
        }
    :: else -> break
    od
}
