/*
 * The view change, vote locks and election certificates of the oracle mesh: docs/PROTOCOL.md, sections 6 and 8.
 * README.md beside this file says what is left out and why; scripts/check-model runs it.
 *
 * One file serves three purposes, so that what is proven and what traces are held to are the same rules:
 *
 *   (default)  safety: every interleaving of h = n - f honest members, whatever f liars and the network do
 *   LIVE       liveness: members that take their steps, one faulty member, a network that becomes kind
 *   REPLAY     a trace of the Swift machines, step by step: every step must be one that the rules allow
 *
 * Sizes:     N members (4), VIEWS (3) the highest view, INFLIGHT (1) records on their way to the disk
 * Parts:     NO_SIGNING without votes and shares; STICKY a leader that does its duty
 * Smaller:   AT_ONCE what is handed to the disk is stored and said in one step; AT_WILL any higher view may be entered;
 *            WISHING members wish only from views up to this one
 * Mutants:   MUTANT_... breaks one rule; scripts/check-model expects each to be found out
 *
 * Rule                                              Swift (Sources/Consensus)
 * ------------------------------------------------  ----------------------------------------------------------
 * SUSPECTS, JOINS, hand_wish, withdraw    rules 1-3  ViewChange/ViewChangeMachine+Wishing.swift: reconsider
 * HAS_CERTIFICATE, AGREED, enter          rule 4     ViewChange/WishTally.swift: certificate,
 *                                                    Certificates/ViewCertificate+Verification.swift,
 *                                                    ViewChange/ViewChangeMachine+Entering.swift: enter
 * FOLLOWS (liveness.pml)                  rule 5     ViewChange/ViewChangeMachine+Certificates.swift: ask, give
 * late (liveness.pml)                     rule 6     Suspicion/Suspicion+Verdict.swift: certificateDue
 * crash                                   rule 7     ViewChangeMachine.init(record:), start
 * hand, durable, publish                  rule 8     ViewChange/Durability.swift, persisted
 * PERMITS, vote                           vote lock  Signing/VoteLock.swift: permits, give
 * locked, share                           vote lock  Signing/SignerMachine+Requests.swift: vote, stored, order
 * elected, SIGNERS                        section 8  Signing/CoordinatorMachine.swift, CoordinatorSession.swift
 */

#ifndef N
#define N 4
#endif
#ifndef VIEWS
#define VIEWS 3
#endif
#ifndef INFLIGHT
#define INFLIGHT 1
#endif
#if defined(STICKY) || defined(LIVE) || defined(REPLAY)
#define HARDNESS                        /* elsewhere members suspect as they like, so the kind of reason decides nothing */
#endif

#define F ((N - 1) / 3)                 /* Committee.faultLimit */
#ifdef MUTANT_QUORUM
#define Q MUTANT_QUORUM
#else
#define Q (N - F)                       /* Committee.quorum, which is also the group key's threshold */
#endif
#ifdef MUTANT_JOIN
#define JOIN MUTANT_JOIN
#else
#define JOIN (F + 1)
#endif

/*
 * Members 0 to MEMBERS - 1 have a state. In the safety runs these are the honest ones, and the other f are liars.
 * A liar needs no state: whatever wish or share of it would help to complete something is taken to be there, for
 * every view, every target, every statement, and for different eyes at once. FREE counts the liars.
 */
#ifdef REPLAY
#define MEMBERS N
byte liars = 0;
#define FREE liars
#else
#ifdef LIVE
#define MEMBERS N
#define FREE 0
#else
#define MEMBERS (N - F)
#define FREE F
#endif
#endif

/* For how many members a property with two arguments holds. */
#if MEMBERS == 3
#define TALLY(P, a, b) (P(0, a, b) + P(1, a, b) + P(2, a, b))
#elif MEMBERS == 4
#define TALLY(P, a, b) (P(0, a, b) + P(1, a, b) + P(2, a, b) + P(3, a, b))
#elif MEMBERS == 5
#define TALLY(P, a, b) (P(0, a, b) + P(1, a, b) + P(2, a, b) + P(3, a, b) + P(4, a, b))
#elif MEMBERS == 7
#define TALLY(P, a, b) (P(0, a, b) + P(1, a, b) + P(2, a, b) + P(3, a, b) + P(4, a, b) + P(5, a, b) + P(6, a, b))
#endif

typedef Standing {
    /* What is on the disk. */
    byte dview;                         /* ViewRecord.view */
    byte dwish;                         /* ViewRecord.wishedView; equal to dview: no wish stands */
    byte dhard;                         /* ViewRecord.reason.isHard */
    byte lview, lstmt;                  /* VoteLock.view and .statement: 0 none yet, 1 or 2 one of two statements */
    /* What a crash loses: records handed to the disk that are not durable yet, oldest first. */
    byte nq, qview[INFLIGHT], qwish[INFLIGHT], qhard[INFLIGHT];
    byte np, pview[INFLIGHT], pstmt[INFLIGHT];
#ifndef LIVE
    /* What it has ever said, by view. That only grows, so it needs no channels: who has heard what is any subset. */
    byte top[VIEWS + 1];                /* the greatest view that it has ever wished for from this one */
#ifdef HARDNESS
    byte tophard[VIEWS + 1];            /* the same, of wishes for a hard reason of its own */
#endif
    byte given[VIEWS + 1]              /* the statements that it has given a share for, a bit for each */
#endif
}
Standing m[MEMBERS];
#ifndef LIVE
bit viewcert[VIEWS + 1];                /* wishes that make a view certificate for x have been signed */
bit elected[VIEWS + 1];                 /* shares that make an election certificate for v have been signed */
#endif

/* The machine's own idea of its record is the newest one that it has handed over (ViewChangeMachine.record). */
#define RVIEW(i) (m[i].nq -> m[i].qview[m[i].nq - 1] : m[i].dview)
#define RWISH(i) (m[i].nq -> m[i].qwish[m[i].nq - 1] : m[i].dwish)
#define RHARD(i) (m[i].nq -> m[i].qhard[m[i].nq - 1] : m[i].dhard)
/* Likewise SignerMachine.lock, beside SignerMachine.durable. */
#define MVIEW(i) (m[i].np -> m[i].pview[m[i].np - 1] : m[i].lview)
#define MSTMT(i) (m[i].np -> m[i].pstmt[m[i].np - 1] : m[i].lstmt)

#define WISHED(i, from, x) (m[i].top[from] >= (x))
#define WISHERS(from, x) (TALLY(WISHED, from, x) + FREE)
#define SIGNED(i, v, s) ((m[i].given[v] >> ((s) - 1)) & 1)
#define SIGNERS(v, s) (TALLY(SIGNED, v, s) + FREE)

/* ----- The properties; the checker prints the name of the one that broke ---------------------------------------- */

hidden byte views_only_rise, one_leader_per_view, no_vote_without_durable_lock, votes_only_rise, certificate_needs_q;
hidden byte nothing_said_is_forgotten, no_runaway, sticky, trace_is_allowed;
#define HOLDS(name, condition) name = (condition); assert(name)
#ifdef UNCHECKED_QUORUM                 /* to see what comes of a certificate without a quorum */
#define NEEDS_Q(condition) skip
#else
#define NEEDS_Q(condition) HOLDS(certificate_needs_q, condition)
#endif

hidden byte k, c, x, y;

/* ----- Rule 8: first the record, then the word ------------------------------------------------------------------ */

/* Hands a record to the disk. */
inline hand(i, v, w, h) {
    m[i].qview[m[i].nq] = v;
    m[i].qwish[m[i].nq] = w;
    m[i].qhard[m[i].nq] = h;
    m[i].nq++
}

/* The oldest record on its way is durable. */
inline durable(i) {
    HOLDS(views_only_rise, m[i].qview[0] >= m[i].dview);
    m[i].dview = m[i].qview[0];
    m[i].dwish = m[i].qwish[0];
    m[i].dhard = m[i].qhard[0];
    m[i].nq--;
    for (k : 0 .. INFLIGHT - 1) {
        if
        :: k < m[i].nq ->
            m[i].qview[k] = m[i].qview[k + 1];
            m[i].qwish[k] = m[i].qwish[k + 1];
            m[i].qhard[k] = m[i].qhard[k + 1]
        :: k == m[i].nq ->
            m[i].qview[k] = 0; m[i].qwish[k] = 0; m[i].qhard[k] = 0
        :: else
        fi
    };
    k = 0
}

#ifdef MUTANT_SAYS_FIRST
#define MAY_PUBLISH(i) (true)
#else
#define MAY_PUBLISH(i) (m[i].dview == RVIEW(i) && m[i].dwish == RWISH(i))
#endif

/* Publishes the standing wish; own: the hard reason is the member's own and not others' (`joinedHard`). */
inline publish(i, v, w, own) {
#ifndef REPLAY
    HOLDS(nothing_said_is_forgotten, m[i].dview == (v) && m[i].dwish == (w));
#endif
    if
    :: m[i].top[v] < (w) -> m[i].top[v] = w
    :: else
    fi;
#ifdef HARDNESS
    if
    :: (own) && m[i].tophard[v] < (w) -> m[i].tophard[v] = w
    :: else
    fi;
#endif
    /* What can be made of the wishes now (WishTally.certificate, ViewCertificate.verify): q of one `from` that reach x. */
    for (k : (v) + 1 .. w) {
        if
        :: WISHERS(v, k) >= Q ->
            viewcert[k] = 1;
            /* f liars and one flapping member are f + 1: the leader loses its view by one honest member more. */
            NEEDS_Q( TALLY(WISHED, v, k) >= N - F - FREE)
        :: else
        fi
    };
    k = 0
}

/* A stop and a start in one: to be down is never to be scheduled. Nobody may have heard it in a view that it forgets. */
inline crash(i) {
    for (k : 0 .. INFLIGHT - 1) {
        m[i].qview[k] = 0; m[i].qwish[k] = 0; m[i].qhard[k] = 0;
        m[i].pview[k] = 0; m[i].pstmt[k] = 0
    }
    m[i].nq = 0;
    m[i].np = 0;
    for (k : m[i].dview + 1 .. VIEWS) {
        HOLDS(views_only_rise, m[i].top[k] == 0 && m[i].given[k] == 0)
    };
    k = 0
}

/* ----- Rules 1 to 3: wishing, joining, withdrawing ---------------------------------------------------------------- */

/* Rule 1. Why and when a member suspects is left open; how far its wish may lead is not. */
#define SUSPECTS(i, w) ((w) > RVIEW(i) && (w) <= RVIEW(i) + 1 + F)

/* Rule 2. f + 1 others ask for w or more. */
#define OTHER_WISHED(j, i, w) (j != (i) && m[j].top[RVIEW(i)] >= (w))
#define OTHER_WISHED_HARD(j, i, w) (j != (i) && m[j].tophard[RVIEW(i)] >= (w))
#define JOINS(i, w) ((w) > RVIEW(i) && TALLY(OTHER_WISHED, i, w) + FREE >= JOIN)
#define JOINS_HARD(i, w) ((w) > RVIEW(i) && TALLY(OTHER_WISHED_HARD, i, w) + FREE >= JOIN)

inline hand_wish(i, w, h) {
    y = RVIEW(i);
    /* Nobody is led farther than an honest member's own suspicion leads, whatever liars ask for. */
    HOLDS(no_runaway, (w) <= y + 1 + F);
    hand(i, y, w, h)
}

inline withdraw(i) { y = RVIEW(i); hand(i, y, y, 0) }

/* ----- Rule 4: entering ---------------------------------------------------------------------------------------------- */

#ifdef MUTANT_FALLS
#define HIGHER(i, v) ((v) != RVIEW(i))
#else
#define HIGHER(i, v) ((v) > RVIEW(i))
#endif
/* The chain's word is an election certificate that the contract has checked. */
#define HAS_CERTIFICATE(v) (viewcert[v] || elected[v])

inline enter(i, v) {
#ifdef STICKY
    HOLDS(sticky, false);
#endif
    hand(i, v, v, 0)
}

/* ----- The vote lock and the group signature --------------------------------------------------------------------------- */

/*
 * A member builds the statement itself, so an honest one signs the election of leader(view) and nothing else. The
 * model does not rely on that: any member may hold either of two statements to be true in each view. What keeps two
 * leaders of one view from being certified is then the lock and the quorum alone.
 */
#define PERMITS(i, v, s) (MSTMT(i) == 0 || (v) > MVIEW(i) || ((v) == MVIEW(i) && (s) == MSTMT(i)))
#define VOTED(i, v, s) (MVIEW(i) == (v) && MSTMT(i) == (s))

inline vote(i, v, s) {
    m[i].pview[m[i].np] = v;
    m[i].pstmt[m[i].np] = s;
    m[i].np++
}

inline locked(i) {
    HOLDS(votes_only_rise, m[i].pview[0] > m[i].lview || m[i].lstmt == 0);
    m[i].lview = m[i].pview[0];
    m[i].lstmt = m[i].pstmt[0];
    m[i].np--;
    for (k : 0 .. INFLIGHT - 1) {
        if
        :: k < m[i].np ->
            m[i].pview[k] = m[i].pview[k + 1];
            m[i].pstmt[k] = m[i].pstmt[k + 1]
        :: k == m[i].np -> m[i].pview[k] = 0; m[i].pstmt[k] = 0
        :: else
        fi
    };
    k = 0
}

/* In its own durable view, by its newest vote, once that is durable. */
#ifdef MUTANT_NO_LOCK
#define MAY_SHARE(i, v, s) ((v) == m[i].dview)
#elif defined(MUTANT_VOLATILE_LOCK)
#define MAY_SHARE(i, v, s) ((v) == m[i].dview && VOTED(i, v, s))
#else
#define MAY_SHARE(i, v, s) ((v) == m[i].dview && m[i].lview == (v) && m[i].lstmt == (s) && VOTED(i, v, s))
#endif

inline share(i, v, s) {
#ifndef MUTANT_VOLATILE_LOCK
    HOLDS(no_vote_without_durable_lock, m[i].lview == (v) && m[i].lstmt == (s));
#endif
    m[i].given[v] = m[i].given[v] | (s);
    HOLDS(one_leader_per_view, !(SIGNERS(v, 1) >= Q && SIGNERS(v, 2) >= Q));
    if
    :: SIGNERS(v, s) >= Q ->
        elected[v] = 1;
        NEEDS_Q( TALLY(SIGNED, v, s) >= N - F - FREE)
    :: else
    fi
}

inline init_members() {
    for (k : 0 .. MEMBERS - 1) { m[k].dview = 1; m[k].dwish = 1 }
}

#if !defined(LIVE) && !defined(REPLAY)
#include "safety.pml"
#endif
#ifdef LIVE
#include "liveness.pml"
#endif
#ifdef REPLAY
#include "replay.pml"
#endif
