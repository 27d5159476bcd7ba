/*
 * Four members, one of them faulty, a network that does as it likes until it becomes calm; then everybody takes its
 * steps (weak fairness) and the members come to follow one live leader whose election is certified, and stay with it.
 *
 * Until then (`calm` is false) members in views up to CHAOS suspect and stop suspecting as they like; all crash, come
 * back; with HOARD they also enter by any certificate that can be made of wishes ever signed, withdrawn ones too. From
 * then on:
 *   - who hears its leader has no soft reason; who does not, has one (silence)
 *   - the certificate's time T only runs out when nothing else can happen (`timeout`): T is long enough
 *   - a register that was published reaches everybody: `said` is what all hold of member i
 *
 * The faulty member is the leader of any view. Without MUTE it dies at any moment before the calm, with GONE_FIRST at the
 * very beginning, and does not come back. With MUTE it goes on and is heard, but neither wishes nor signs nor certifies
 * nor hands on.
 */

#ifndef CHAOS
#define CHAOS 1
#endif

#define LEADER(v) ((v) % N)             /* any succession will do, for members are alike */

bit calm;
byte bad;                               /* the faulty member */
bit gone;                               /* it is dead, or mute */
byte sfrom[N], sto[N]; bit shard[N];    /* the newest wish of each, as all hold it; sto = sfrom: none */
byte known[N];                          /* ViewRecord.electionCertificate: the highest view, durable */
bit late[N];                            /* the time for the certificate has run out */
#ifdef MUTANT_NO_RESEND
bit fresh[N];                           /* the standing wish was made in this life */
#define MAY_SAY(i) fresh[i]
#else
#define MAY_SAY(i) (true)
#endif

#define ACTS(i) (!(gone && i == bad))
#define HEARS(v) (ACTS(LEADER(v)))

/* Rule 1 in calm times: who is known to be dead is passed over, up to f of them. A mute one looks fit. */
#ifdef MUTE
#define REASON(i) (late[i] && known[i] < RVIEW(i))
#define HARD(i) 1
#define CHOICE(i) (RVIEW(i) + 1)
#define UNHEARD(i) (false)
#else
#define REASON(i) (!HEARS(RVIEW(i)) || late[i] && known[i] < RVIEW(i))
#define HARD(i) (HEARS(RVIEW(i)))
#define CHOICE(i) (HEARS(RVIEW(i) + 1) -> RVIEW(i) + 1 : RVIEW(i) + 2)
#define UNHEARD(i) (!HEARS(RVIEW(i)))
#endif

/* Rule 2 in calm times: as `joined` when the leader is not heard, as `joinedHard` when a certificate is missing here too. */
#define ASKS(j, i, w) (j != (i) && sfrom[j] == RVIEW(i) && sto[j] >= (w) && sto[j] > sfrom[j])
#define ASKS_HARD(j, i, w) (ASKS(j, i, w) && shard[j])
#define CALLED(i, w) ((w) > RVIEW(i) && \
    (UNHEARD(i) && TALLY(ASKS, i, w) >= JOIN || known[i] < RVIEW(i) && TALLY(ASKS_HARD, i, w) >= JOIN))

/* What rules 1 to 3 would have member i wish for; its own view if nothing. */
#define WANTS(i, w) (((w) == RVIEW(i) -> !REASON(i) : REASON(i) && CHOICE(i) == (w) || CALLED(i, w)) && \
    !CALLED(i, w + 1) && !CALLED(i, w + 2) && ((w) > RVIEW(i) && REASON(i) -> (w) >= CHOICE(i) : true))

/* Rule 4 on newest wishes: the q-th greatest target. */
#define CERTIFIES(j, i, w) (sfrom[j] == RVIEW(i) && sto[j] >= (w) && sto[j] > sfrom[j])
#define AGREED(i, w) ((w) > RVIEW(i) && TALLY(CERTIFIES, i, w) >= Q)

/* ViewChangeMachine.evaluate enters as far as the wishes lead before it thinks its own wish over. */
#define MUST_ENTER(i) AGREED(i, RVIEW(i) + 1)
/* A wish is lowered at most once per D, and in calm times a certificate is handed on in less. */
#define SHOWS_MORE(j, i, unused) (ACTS(j) && m[j].dview > m[i].dview)
#define MAY_LOWER(i, w) ((w) > m[i].dwish || TALLY(SHOWS_MORE, i, 0) == 0)

#define READY(j, v, s) (ACTS(j) && m[j].dview == (v) && SIGNED(j, v, s))

/* What is not durable has no effect (safety.pml shows that it is not said), so a record is handed over and durable in one. */
#define IDLE(i) (m[i].nq == 0)
inline record(i, v, w, h) { hand(i, v, w, h); durable(i) }
inline come_to(i, v) { enter(i, v); durable(i); late[i] = 0 }

#define STEPS(v) \
    /* Rules 1 and 2. */ \
    :: atomic { ACTS(i) && IDLE(i) && !calm && m[i].dview <= CHAOS && SUSPECTS(i, v) && m[i].dwish != v -> \
        d_step { record(i, m[i].dview, v, 0); MADE(i) } } \
    :: atomic { ACTS(i) && IDLE(i) && calm && m[i].dview < v && WANTS(i, v) && !MUST_ENTER(i) && MAY_LOWER(i, v) && \
            (m[i].dwish != v || m[i].dhard != (REASON(i) && HARD(i))) -> \
        d_step { x = (REASON(i) && HARD(i)); hand_wish(i, v, x); durable(i); MADE(i) } } \
    /* Rule 4. */ \
    :: atomic { ACTS(i) && IDLE(i) && AGREED(i, v) && !AGREED(i, v + 1) -> d_step { come_to(i, v) } } \
    HOARDED(v)
#ifdef HOARD
#define HOARDED(v) \
    :: atomic { ACTS(i) && IDLE(i) && !calm && v > m[i].dview && viewcert[v] -> d_step { come_to(i, v) } }
#else
#define HOARDED(v)
#endif
#ifdef MUTANT_NO_RESEND
#define MADE(i) fresh[i] = 1
#define LOST(i) fresh[i] = 0
#else
#define MADE(i) skip
#define LOST(i) skip
#endif

/* Rule 5: who shows a higher view hands on the certificate by which it came there, and its election certificate. */
#define FOLLOWS(j) \
    :: atomic { ACTS(i) && ACTS(j) && i != j && IDLE(i) && m[j].dview > m[i].dview && MAY_FOLLOW -> \
        d_step { c = m[j].dview; come_to(i, c) } } \
    :: atomic { ACTS(i) && ACTS(j) && i != j && IDLE(i) && known[j] > known[i] && known[j] <= m[i].dview -> \
        known[i] = known[j] } \
    :: atomic { ACTS(i) && ACTS(j) && i != j && IDLE(i) && known[j] > m[i].dview -> \
        d_step { known[i] = known[j]; c = known[j]; come_to(i, c) } }
#ifdef MUTANT_NO_FOLLOWING
#define MAY_FOLLOW false
#else
#define MAY_FOLLOW true
#endif

proctype Member(byte i) {
end:
    do
    STEPS(2)
    STEPS(3)
#if VIEWS >= 4
    STEPS(4)
#endif
#if VIEWS >= 5
    STEPS(5)
#endif
#if VIEWS >= 6
    STEPS(6)
#endif
    /* Rule 3. */
    :: atomic { ACTS(i) && IDLE(i) && m[i].dwish > m[i].dview && (calm -> WANTS(i, m[i].dview) && !MUST_ENTER(i) : true) ->
        d_step { withdraw(i); durable(i); MADE(i) } }
    FOLLOWS(0)
    FOLLOWS(1)
    FOLLOWS(2)
    FOLLOWS(3)
    /* Rule 8: the word follows the record; after a crash in between, in the next life. */
    :: atomic { ACTS(i) && MAY_SAY(i) && MAY_PUBLISH(i) && m[i].dwish > m[i].dview &&
            !(sfrom[i] == m[i].dview && sto[i] == m[i].dwish && shard[i] == m[i].dhard) ->
        d_step {
#ifdef HOARD
            if
            :: !calm -> x = m[i].dwish; y = m[i].dview; publish(i, y, x, 0)
            :: else
            fi;
#endif
            sfrom[i] = m[i].dview; sto[i] = m[i].dwish; shard[i] = m[i].dhard } }
    :: atomic { ACTS(i) && MAY_SAY(i) && MAY_PUBLISH(i) && m[i].dwish == m[i].dview && sto[i] > m[i].dview &&
            sfrom[i] == m[i].dview ->
        d_step { sto[i] = sfrom[i]; shard[i] = 0 } }
    /* The election of the view: vote, lock and share in one, for nothing that matters here happens between. */
    :: atomic { ACTS(i) && PERMITS(i, m[i].dview, 1) && !SIGNED(i, m[i].dview, 1) && known[i] < m[i].dview ->
        d_step { y = m[i].dview; vote(i, y, 1); locked(i); share(i, y, 1) } }
    /* The leader completes it while q members are in the view to answer it. */
    :: atomic { ACTS(i) && IDLE(i) && LEADER(m[i].dview) == i && known[i] < m[i].dview && TALLY(READY, m[i].dview, 1) >= Q ->
        known[i] = m[i].dview }
#ifdef MUTANT_NO_RESEND
    :: atomic { ACTS(i) && !calm && fresh[i] -> d_step { crash(i); LOST(i) } }
#endif
    od
}

proctype World() {
    atomic { gone = 1 };
    d_step {
        calm = 1;
        /* From here on nobody reads what was kept of old wishes: forget it, that equal futures are one state. */
        for (k : 1 .. VIEWS) {
            viewcert[k] = 0;
            m[0].top[k] = 0; m[1].top[k] = 0; m[2].top[k] = 0; m[3].top[k] = 0
        };
        k = 0
    };
end:
    do
    :: atomic { timeout && (ACTS(0) && !late[0] && known[0] < m[0].dview || ACTS(1) && !late[1] && known[1] < m[1].dview ||
            ACTS(2) && !late[2] && known[2] < m[2].dview || ACTS(3) && !late[3] && known[3] < m[3].dview) ->
        d_step {
            for (k : 0 .. N - 1) { late[k] = (known[k] < m[k].dview) };
            k = 0
        } }
    od
}

init {
    atomic {
        init_members();
        for (k : 0 .. N - 1) { sfrom[k] = 1; sto[k] = 1 };
        if
        :: bad = LEADER(1)
        :: bad = LEADER(2)
        :: bad = LEADER(3)
        :: bad = LEADER(4)
        fi;
#ifdef GONE_FIRST
        gone = 1;
#endif
        run Member(0); run Member(1); run Member(2); run Member(3); run World()
    }
}

#define AT_REST(j, v, unused) (!ACTS(j) || m[j].dview == (v) && m[j].dwish == (v) && known[j] == (v))
#define SETTLED(v) (HEARS(v) && known[LEADER(v)] == (v) && AT_REST(0, v, 0) && AT_REST(1, v, 0) && AT_REST(2, v, 0) && AT_REST(3, v, 0))
#if VIEWS == 5
#define ALL_SETTLED (SETTLED(1) || SETTLED(2) || SETTLED(3) || SETTLED(4) || SETTLED(5))
#else
#define ALL_SETTLED (SETTLED(1) || SETTLED(2) || SETTLED(3) || SETTLED(4) || SETTLED(5) || SETTLED(6))
#endif

/*
 * Accepts the runs in which it is calm and the members are again and again, or for good, not settled. That the calm comes
 * is the only fairness there is: whatever the scheduler then prefers, as long as it lets somebody act who can, all settle.
 */
never {
again:
    do
    :: calm && !ALL_SETTLED -> goto accept
    :: true
    od;
accept:
    goto again
}
