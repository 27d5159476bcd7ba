import Primitives

/// How much each member may say and ask for, derived from the schedule.
///
/// | what | at most | burst |
/// |---|---|---|
/// | heartbeats of an author | 4 each D | 64 |
/// | wishes of an author | 4 each D | 32 |
/// | lost links of an author | 2 each D | 16 |
/// | direct objects of an author, each kind | 8 each D | 64 |
/// | log bytes of an author that f + 1 members do not vouch for | 1 KiB a second, by default | 64 MiB, by default |
/// | log entries of an author that are verified | 256 a second | 1,024 |
/// | log entries that are verified because f + 1 members claim them, all authors together | 12,000 a second | 1,200 |
/// | old log entries of a link that are compared with those stored | 1 a second | 8 |
/// | certificates and requests for them, each link | 4 each D | 32 |
/// | pings, frontiers and wishes for relays, each link | 4 each D | 16 |
/// | announcements of a link | 8 each D | 32 |
/// | log bytes served, to all links together | 24 MiB a second | 4 MiB |
/// | log bytes served to a link | 1 MiB a second | 1 GiB |
/// | all bytes from a link but the answers to pulls | ``linkBytesPerSecond`` | ``linkBurstBytes`` |
///
/// What f + 1 members claim an honest one has verified and stored, so a node that was away takes it as fast as it can:
/// 12,000 signatures are about 0.7 s of one core, and that is what catching up may take of it. Answers to pulls are not
/// charged to a link because a node asks for no more than it has room for (``PullPlanner``).
///
/// What an author says above its quota is dropped before its signature is verified. What comes by a link above
/// all that the schedule can account for closes the link. Bursts are wide, because a node that was stopped for
/// some seconds finds all that was said meanwhile in its sockets at once.
struct GossipQuotas: Sendable {
    let schedule: GossipSchedule
    let logBytesPerSecond: Int
    let logBurstBytes: Int

    /// The bytes a second that no honest peer exceeds in the long run: all registers of everybody four times
    /// each D, and a mebibyte of whatever else it says unasked.
    var linkBytesPerSecond: Int { schedule.linkLimitBytesPerSecond }

    /// The bytes that may come at once: what an honest link can hold back in half a minute.
    var linkBurstBytes: Int { 30 * linkBytesPerSecond }

    static let unaskedBytesPerSecond = 1_048_576
    static let servedBytesPerSecond = 24 * 1_048_576
    static let servedBurstBytes = 4 * 1_048_576
    static let servedToLinkBytesPerSecond = 1_048_576
    static let servedToLinkBurstBytes = 1_024 * 1_048_576

    /// The bucket for an author's objects of one kind.
    func objects(_ kind: ObjectKind) -> TokenBucket {
        let interval = schedule.leaderInterval
        return switch kind {
        case .heartbeat: TokenBucket(interval: interval / 4, burst: 64)
        case .wish: TokenBucket(interval: interval / 4, burst: 32)
        case .linkLost: TokenBucket(interval: interval / 2, burst: 16)
        case .ready, .signRequest, .signShare, .logEntry: TokenBucket(interval: interval / 8, burst: 64)
        }
    }

    /// The bucket for the bytes of an author's log.
    var log: TokenBucket { .bytes(perSecond: logBytesPerSecond, burst: logBurstBytes) }

    /// The bucket for the entries of an author's log whose signatures are verified.
    var entries: TokenBucket { TokenBucket(interval: .seconds(1) / 256, burst: 1_024) }

    /// The bucket for the entries of a link that are compared with what is stored.
    var comparisons: TokenBucket { TokenBucket(interval: .seconds(1), burst: 8) }

    /// The bucket for a link's certificates and requests for them.
    var certificates: TokenBucket { TokenBucket(interval: schedule.leaderInterval / 4, burst: 32) }

    /// The bucket for each of a link's small questions: pings, frontiers, wishes for relays.
    var questions: TokenBucket { TokenBucket(interval: schedule.leaderInterval / 4, burst: 16) }

    /// The bucket for a link's announcements, of which it has four each D to make.
    var announcements: TokenBucket { TokenBucket(interval: schedule.leaderInterval / 8, burst: 32) }

    /// The bucket for the entries that are verified because f + 1 members claim them.
    var vouched: TokenBucket { TokenBucket(interval: .seconds(1) / 12_000, burst: 1_200) }

    /// The bucket for the log bytes served to all links.
    var serving: TokenBucket { .bytes(perSecond: Self.servedBytesPerSecond, burst: Self.servedBurstBytes) }

    /// The bucket for the log bytes served to one link: so much at once that a member which was away long gets all of it
    /// from all, and for ever no more than is cheap.
    var servingLink: TokenBucket {
        .bytes(perSecond: Self.servedToLinkBytesPerSecond, burst: Self.servedToLinkBurstBytes)
    }

    /// The bucket for all bytes of a link that are not owed by it.
    var link: TokenBucket { .bytes(perSecond: linkBytesPerSecond, burst: linkBurstBytes) }
}

extension GossipSchedule {
    /// The bytes a second above which, in the long run, a link is closed.
    package var linkLimitBytesPerSecond: Int {
        let registers = 3 * 256 * size
        let relayed = Int(Duration.seconds(1) * registers / leaderInterval)
        return 4 * relayed + GossipQuotas.unaskedBytesPerSecond
    }
}

extension TokenBucket {
    /// A bucket whose tokens are bytes.
    fileprivate static func bytes(perSecond: Int, burst: Int) -> TokenBucket {
        TokenBucket(interval: .seconds(1) / perSecond, burst: burst)
    }
}
