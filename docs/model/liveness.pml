/*
 * A network that does as it likes until it becomes calm, f members that are faulty from then on; then whoever can act
 * takes its steps and the members come to follow one live leader whose election is certified, and stay with it.
 *
 * Until then (`calm` is false) members in views up to CHAOS suspect and stop suspecting as they like; all crash, come
 * back, elect, enter any view that their wishes could lead to. What this leaves to the calm is made in three moves: views
 * are entered, elections completed, and then whatever wishes are left (`leave`). From then on:
 *   - who hears its leader has no soft reason; who does not, has one (silence)
 *   - the certificate's time T only runs out when nothing else can happen (`timeout`): T is long enough
 *   - a register that was published reaches everybody: `sfrom`, `sto`, `shard` are what all hold of each member
 *
 * The faulty are any f members; with ALL_WELL nobody is. Without MUTE they are dead and do not come back. With MUTE they
 * go on and are heard, but neither wish nor sign nor certify nor hand on. One that falls mute when its election is
 * complete stays in office, for it owes nothing; with DUTY it does, and not doing it is a reason.
 */

#ifndef CHAOS
#define CHAOS 1
#endif

#define LEADER(v) ((v) % N)             /* any succession will do, for members are alike */

/* How far wishes of the views up to CHAOS lead. */
#ifndef FARTHEST
#if CHAOS == 0
#define FARTHEST 1
#else
#define FARTHEST (CHAOS + 1 + F)
#endif
#endif

bit calm;
byte gone;                              /* who is dead, or mute: a bit for each */
byte sfrom[N], sto[N]; bit shard[N];    /* the newest wish of each, as all hold it; sto = sfrom: none */
byte known[N];                          /* ViewRecord.electionCertificate: the highest view, durable */
bit late[N];                            /* the time for what the leader owes has run out */
#ifdef MUTANT_NO_RESEND
bit fresh[N];                           /* the standing wish was made in this life */
#define MAY_SAY(i) fresh[i]
#define MADE(i) fresh[i] = 1
#else
#define MAY_SAY(i) (true)
#define MADE(i) skip
#endif

#define ACTS(i) (!((gone >> (i)) & 1))
#define HEARS(v) (ACTS(LEADER(v)))

/* What the leader of its view owes member i: the election certificate, or a duty. */
#define UNELECTED(i) (known[i] < m[i].dview)
#ifdef DUTY
#define OWED(i) (UNELECTED(i) || !HEARS(m[i].dview))
#else
#define OWED(i) UNELECTED(i)
#endif

/* Rule 1 in calm times: who is known to be dead is passed over, up to f of them. A mute one looks fit. */
#ifdef MUTE
#define REASON(i) (late[i] && OWED(i))
#define HARD(i) 1
#define CHOICE(i) (RVIEW(i) + 1)
#define UNHEARD(i) (false)
#else
#define REASON(i) (!HEARS(RVIEW(i)) || late[i] && OWED(i))
#define HARD(i) (HEARS(RVIEW(i)))
#if F == 1
#define CHOICE(i) (HEARS(RVIEW(i) + 1) -> RVIEW(i) + 1 : RVIEW(i) + 2)
#else
#define CHOICE(i) (HEARS(RVIEW(i) + 1) -> RVIEW(i) + 1 : (HEARS(RVIEW(i) + 2) -> RVIEW(i) + 2 : RVIEW(i) + 3))
#endif
#define UNHEARD(i) (!HEARS(RVIEW(i)))
#endif

/* Rule 2 in calm times: as `joined` when the leader is not heard, as `joinedHard` when the same is missing here too. */
#define ASKS(j, i, w) (j != (i) && sfrom[j] == RVIEW(i) && sto[j] >= (w) && sto[j] > sfrom[j])
#define ASKS_HARD(j, i, w) (ASKS(j, i, w) && shard[j])
#define CALLED(i, w) ((w) > RVIEW(i) && \
    (UNHEARD(i) && TALLY(ASKS, i, w) >= JOIN || OWED(i) && TALLY(ASKS_HARD, i, w) >= JOIN))

/* What rules 1 to 3 would have member i wish for; its own view if nothing. A greater target is one more step at least. */
#define WANTS(i, w) (((w) == RVIEW(i) -> !REASON(i) : REASON(i) && CHOICE(i) == (w) || CALLED(i, w)) && \
    !CALLED(i, w + 1) && ((w) > RVIEW(i) && REASON(i) -> (w) >= CHOICE(i) : true))

/* Rule 4 on newest wishes: the q-th greatest target. */
#define CERTIFIES(j, i, w) (sfrom[j] == RVIEW(i) && sto[j] >= (w) && sto[j] > sfrom[j])
#define AGREED(i, w) ((w) > RVIEW(i) && TALLY(CERTIFIES, i, w) >= Q)

/* ViewChangeMachine.evaluate enters as far as the wishes lead before it thinks its own wish over. */
#ifdef MUTANT_LINGERS
#define MUST_ENTER(i) false
#else
#define MUST_ENTER(i) AGREED(i, RVIEW(i) + 1)
#endif
/* A wish is lowered at most once per D, and in calm times a certificate is handed on in less. */
#define SHOWS_MORE(j, i, unused) (ACTS(j) && m[j].dview > m[i].dview)
#ifdef MUTANT_LOWERS
#define MAY_LOWER(i, w) true
#else
#define MAY_LOWER(i, w) ((w) > m[i].dwish || TALLY(SHOWS_MORE, i, 0) == 0)
#endif

/* Vote, lock and share are given on entering, for they only wait for that: no other vote stands in the way of this one. */
#define READY(j, v, unused) (ACTS(j) && m[j].dview == (v))

/* What is not durable has no effect (safety.pml shows that it is not said), so a record is handed over and durable in one. */
inline come_to(i, v) { enter(i, v); durable(i); late[i] = 0; forget() }
inline learn(i, v) { known[i] = v; forget() }

/*
 * What nobody reads again is forgotten, that equal futures are one state: wishes from and elections of views that all
 * who act have left, and that something was late which has come.
 */
inline forget() {
    y = VIEWS;
    for (k : 0 .. N - 1) {
        if
        :: ACTS(k) && m[k].dview < y -> y = m[k].dview
        :: else
        fi
    };
    for (k : 0 .. N - 1) {
        if
        :: sfrom[k] < y || sfrom[k] == sto[k] -> sfrom[k] = 1; sto[k] = 1; shard[k] = 0
        :: else
        fi;
        if
        :: known[k] < y -> known[k] = 0
        :: else
        fi;
        if
        :: !OWED(k) -> late[k] = 0
        :: else
        fi
    };
    k = 0; y = 0
}

#define STEPS(v) \
    /* Before the calm: by any certificate that could be made of wishes ever signed, withdrawn ones too. */ \
    :: atomic { !calm && v > m[i].dview && v <= FARTHEST -> d_step { come_to(i, v) } } \
    /* Rules 1 and 2. */ \
    :: atomic { calm && ACTS(i) && m[i].dview < v && WANTS(i, v) && !MUST_ENTER(i) && MAY_LOWER(i, v) && \
            (m[i].dwish != v || m[i].dhard != (REASON(i) && HARD(i))) -> \
        d_step { x = (REASON(i) && HARD(i)); hand_wish(i, v, x); durable(i); MADE(i) } } \
    /* Rule 4. */ \
    :: atomic { calm && ACTS(i) && AGREED(i, v) && !AGREED(i, v + 1) -> d_step { come_to(i, v) } }

/* Rule 5: who shows a higher view hands on the certificate by which it came there, and its election certificate. */
#define FOLLOWS(j) \
    :: atomic { calm && ACTS(i) && ACTS(j) && i != j && m[j].dview > m[i].dview && MAY_FOLLOW -> \
        d_step { c = m[j].dview; come_to(i, c) } } \
    :: atomic { ACTS(i) && ACTS(j) && i != j && known[j] > known[i] && known[j] <= m[i].dview -> \
        d_step { learn(i, known[j]) } } \
    :: atomic { calm && ACTS(i) && ACTS(j) && i != j && known[j] > m[i].dview -> \
        d_step { c = known[j]; known[i] = c; come_to(i, c) } }
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
    STEPS(4)
#if VIEWS >= 5
    STEPS(5)
#endif
#if VIEWS >= 6
    STEPS(6)
#endif
#if VIEWS >= 7
    STEPS(7)
#endif
    /* Rule 3. */
    :: atomic { calm && ACTS(i) && m[i].dwish > m[i].dview && WANTS(i, m[i].dview) && !MUST_ENTER(i) ->
        d_step { withdraw(i); durable(i); MADE(i) } }
    FOLLOWS(0)
    FOLLOWS(1)
    FOLLOWS(2)
    FOLLOWS(3)
#if N > 4
    FOLLOWS(4)
    FOLLOWS(5)
    FOLLOWS(6)
#endif
    /* Rule 8: the word follows the record; after a crash in between, in the next life. */
    :: atomic { calm && ACTS(i) && MAY_SAY(i) && m[i].dwish > m[i].dview &&
            !(sfrom[i] == m[i].dview && sto[i] == m[i].dwish && shard[i] == m[i].dhard) ->
        d_step { sfrom[i] = m[i].dview; sto[i] = m[i].dwish; shard[i] = m[i].dhard } }
    :: atomic { calm && ACTS(i) && MAY_SAY(i) && m[i].dwish == m[i].dview && sfrom[i] == m[i].dview && sto[i] > sfrom[i] ->
        d_step { sfrom[i] = 1; sto[i] = 1; shard[i] = 0 } }
    /* The leader completes the election while q members are in the view to answer it. */
    :: atomic { ACTS(i) && LEADER(m[i].dview) == i && UNELECTED(i) && TALLY(READY, m[i].dview, 0) >= Q ->
        d_step { learn(i, m[i].dview) } }
    od
}

/* What the time before the calm left of member i's wishes: one that stands, and one that was said last. */
inline leave(i) {
#if CHAOS > 0
    if
    :: m[i].dview <= CHAOS ->
        select(c : 0 .. 1 + F);
        m[i].dwish = m[i].dview + c
    :: else
    fi;
    select(x : 1 .. CHAOS);
    if
    :: x <= m[i].dview
    :: else -> x = m[i].dview
    fi;
    select(c : 0 .. 1 + F);
    sfrom[i] = x;
    sto[i] = x + c;
#endif
#ifdef MUTANT_NO_RESEND
    if
    :: fresh[i] = 0
    :: fresh[i] = 1
    fi;
#endif
    c = 0; x = 0
}

#define WAITS(j, unused, unused2) (ACTS(j) && !late[j] && OWED(j))

proctype World() {
    atomic {
        !calm;
#ifdef ALL_WELL
        skip;
#elif F == 1
        select(x : 0 .. N - 1);
        gone = 1 << LEADER(x + 1);      /* the first leader first: most can go wrong there */
#else
        select(x : 0 .. N - 2);
        select(c : x + 1 .. N - 1);
        gone = (1 << x) | (1 << c);
        c = 0;
#endif
        x = 0;
        leave(0); leave(1); leave(2); leave(3);
#if N > 4
        leave(4); leave(5); leave(6);
#endif
        d_step {
            calm = 1;
            /* Nobody looks at the faulty any more but at their last wishes. */
            for (k : 0 .. N - 1) {
                if
                :: !ACTS(k) -> m[k].dview = 1; m[k].dwish = 1; known[k] = 0
                :: else
                fi
            };
            forget()
        }
    };
end:
    do
    :: atomic { timeout && TALLY(WAITS, 0, 0) > 0 ->
        d_step {
            for (k : 0 .. N - 1) { late[k] = (ACTS(k) && OWED(k)) };
            k = 0
        } }
    od
}

init {
    atomic {
        init_members();
        for (k : 0 .. N - 1) { sfrom[k] = 1; sto[k] = 1 };
        k = 0;
        run Member(0); run Member(1); run Member(2); run Member(3);
#if N > 4
        run Member(4); run Member(5); run Member(6);
#endif
        run World()
    }
}

/* One that is mute and elected stays in office, unless it has a duty. */
#if defined(MUTE) && !defined(DUTY)
#define LEADS(v) (!HEARS(v) || known[LEADER(v)] == (v))
#else
#define LEADS(v) (HEARS(v) && known[LEADER(v)] == (v))
#endif
#define AT_REST(j, v, unused) (!ACTS(j) || m[j].dview == (v) && m[j].dwish == (v) && known[j] == (v))
#define SETTLED(v) (LEADS(v) && TALLY(AT_REST, v, 0) == N)
#if VIEWS == 4
#define ALL_SETTLED (SETTLED(1) || SETTLED(2) || SETTLED(3) || SETTLED(4))
#elif VIEWS == 5
#define ALL_SETTLED (SETTLED(1) || SETTLED(2) || SETTLED(3) || SETTLED(4) || SETTLED(5))
#elif VIEWS == 6
#define ALL_SETTLED (SETTLED(1) || SETTLED(2) || SETTLED(3) || SETTLED(4) || SETTLED(5) || SETTLED(6))
#elif VIEWS == 7
#define ALL_SETTLED (SETTLED(1) || SETTLED(2) || SETTLED(3) || SETTLED(4) || SETTLED(5) || SETTLED(6) || SETTLED(7))
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
