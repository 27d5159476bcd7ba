/* Every step that an honest member can take at any moment; no fairness, no time, any loss and any order of messages. */

/*
 * Nothing tells the members apart, so states that differ only in who is who are one: the members are kept sorted. That
 * saves nearly h! of the states. (STICKY names member 0.) A counterexample may therefore rename members on its way.
 */
#if defined(STICKY) || defined(ASYMMETRIC)
#define CANONICAL skip
#else
c_decl {
\#include <string.h>
};
#define CANONICAL c_code { \
    for (int i = 1; i < MEMBERS; i++) { \
        for (int j = i; j > 0 && memcmp(&now.m[j - 1], &now.m[j], sizeof(now.m[j])) > 0; j--) { \
            struct Standing state = now.m[j]; \
            now.m[j] = now.m[j - 1]; \
            now.m[j - 1] = state; \
        } \
    } \
}
#endif

#define IDLE(i) (m[i].nq < INFLIGHT)

#ifdef STICKY
/*
 * The leader does its duty, and all but member 0 hear it: only member 0, whose link flaps, suspects. Nobody else has
 * been without the leader for 3 D, so the others join hard reasons only.
 */
#define MAY_SUSPECT(i) (i == 0)
#ifdef MUTANT_JOINS_HEARING
#define MAY_JOIN(i, w) JOINS(i, w)
#else
#define MAY_JOIN(i, w) (JOINS_HARD(i, w) || i == 0 && JOINS(i, w))
#endif
#else
#define MAY_SUSPECT(i) (true)
#define MAY_JOIN(i, w) JOINS(i, w)
#endif

#ifdef AT_WILL
#define MAY_ENTER(v) (true)
#else
#define MAY_ENTER(v) HAS_CERTIFICATE(v)
#endif
#ifndef WISHING
#define WISHING VIEWS
#endif

#ifdef AT_ONCE
/*
 * What is handed to the disk is durable and said in the same step, and the wish withdrawn again. This loses nothing that
 * others could see: a record or a vote on its way, or one that is never said, only keeps its own member from steps, and
 * what allowed it (its view, what has been said) still allows it in the moment in which it is said.
 */
#define STEPS(v) \
    :: atomic { m[i].dview <= WISHING && (SUSPECTS(i, v) || JOINS(i, v)) && m[i].top[m[i].dview] < v -> d_step { \
        hand_wish(i, v, 0); durable(i); y = m[i].dview; publish(i, y, v, 0); withdraw(i); durable(i); CANONICAL } } \
    :: atomic { HIGHER(i, v) && MAY_ENTER(v) -> d_step { enter(i, v); durable(i); CANONICAL } }
#define SIGNS(s) \
    :: atomic { MAY_VOTE(i, s) && !SIGNED(i, m[i].dview, s) -> d_step { \
        x = m[i].dview; vote(i, x, s); locked(i); share(i, x, s); CANONICAL } }
#ifdef MUTANT_NO_LOCK
#define MAY_VOTE(i, s) (true)
#else
#define MAY_VOTE(i, s) PERMITS(i, m[i].dview, s)
#endif
#else
/* The steps that lead to view v. */
#define STEPS(v) \
    :: atomic { IDLE(i) && RWISH(i) != v && (MAY_SUSPECT(i) && SUSPECTS(i, v) || MAY_JOIN(i, v)) -> \
        d_step { hand_wish(i, v, 0); CANONICAL } } \
    :: atomic { IDLE(i) && HIGHER(i, v) && MAY_ENTER(v) -> d_step { enter(i, v); CANONICAL } }
#endif

proctype Member(byte i) {
end:
    do
    STEPS(2)
#if VIEWS >= 3
    STEPS(3)
#endif
#if VIEWS >= 4
    STEPS(4)
#endif
#if VIEWS >= 5
    STEPS(5)
#endif
#ifdef MUTANT_FALLS
    :: atomic { IDLE(i) && RVIEW(i) != 1 -> d_step { enter(i, 1); CANONICAL } }
#endif
#ifdef AT_ONCE
#ifndef NO_SIGNING
    SIGNS(1)
    SIGNS(2)
#endif
#else
    :: atomic { IDLE(i) && RWISH(i) > RVIEW(i) -> d_step { withdraw(i); CANONICAL } }
    :: atomic { m[i].nq > 0 -> d_step { durable(i); CANONICAL } }
    :: atomic { MAY_PUBLISH(i) && RWISH(i) > RVIEW(i) && m[i].top[RVIEW(i)] < RWISH(i) ->
        d_step { x = RWISH(i); y = RVIEW(i); publish(i, y, x, 0); CANONICAL } }
#ifndef NO_SIGNING
    :: atomic { m[i].np < INFLIGHT && PERMITS(i, m[i].dview, 1) && !VOTED(i, m[i].dview, 1) ->
        d_step { vote(i, m[i].dview, 1); CANONICAL } }
    :: atomic { m[i].np < INFLIGHT && PERMITS(i, m[i].dview, 2) && !VOTED(i, m[i].dview, 2) ->
        d_step { vote(i, m[i].dview, 2); CANONICAL } }
    :: atomic { m[i].np > 0 -> d_step { locked(i); CANONICAL } }
    :: atomic { MAY_SHARE(i, m[i].dview, 1) && !SIGNED(i, m[i].dview, 1) -> d_step { share(i, m[i].dview, 1); CANONICAL } }
    :: atomic { MAY_SHARE(i, m[i].dview, 2) && !SIGNED(i, m[i].dview, 2) -> d_step { share(i, m[i].dview, 2); CANONICAL } }
#endif
    :: atomic { m[i].nq > 0 || m[i].np > 0 -> d_step { crash(i); CANONICAL } }
#endif
    od
}

init {
    atomic {
        init_members();
        run Member(0); run Member(1); run Member(2);
#if MEMBERS >= 5
        run Member(3); run Member(4);
#endif
    }
}
