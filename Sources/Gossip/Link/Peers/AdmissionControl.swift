package import Primitives

/// Decides which inbound connections may begin a handshake, so that strangers cost a bounded amount.
///
/// Before message 3 of the handshake is verified nobody is known, only an address. So: a bound on connections
/// whose handshake is not finished, of which a part is reserved for addresses of members; a bucket of tokens for
/// each host; and a ban for hosts from which a bad identity came, doubled each time. A member's address is never
/// banned, because a stranger may share it; it has a bucket for each member that lives there.
package struct AdmissionControl: Sendable {
    /// The limits.
    package struct Configuration: Hashable, Sendable {
        /// The most unfinished handshakes at a time.
        package var halfOpenLimit = 64
        /// How many of these only members' addresses may have.
        package var reservedForMembers = 24
        /// The time between two connections of one host, in the long run.
        package var interval = Duration.milliseconds(200)
        /// The connections of one host that may come at once.
        package var burst = 10
        /// The most hosts whose buckets are remembered.
        package var rememberedHosts = 4_096
        /// The most hosts that are banned or have been lately.
        package var rememberedBans = 1_024
        /// The first ban's duration.
        package var firstBan = Duration.seconds(10)
        /// The longest ban's duration, and the time without offence after which all is forgiven.
        package var longestBan = Duration.seconds(3_600)

        /// The limits of a node among up to 128 members.
        package init() {}
    }

    /// Stands for one admitted connection until its handshake has ended.
    package struct Ticket: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    /// Whether a connection may begin its handshake.
    package enum Verdict: Hashable, Sendable {
        /// It may; say how it went with ``handshakeEnded(_:_:at:)``.
        case admitted(Ticket)
        /// It may not: close it without a word.
        case refused(Refusal)
    }

    /// Why a connection was closed unheard.
    package enum Refusal: Hashable, Sendable, CaseIterable {
        /// A bad identity came from this host before.
        case banned
        /// The host connects too often.
        case tooFast
        /// Too many handshakes are unfinished.
        case full
    }

    /// How a handshake ended.
    package enum Outcome: Hashable, Sendable {
        /// With a member at the other end.
        case established
        /// With silence, a closed connection or bytes of another protocol: nothing is proven against anyone.
        case failed
        /// With an identity that is not a member's, or not the peer's own.
        case badIdentity
    }

    private struct Slot: Sendable {
        let host: HostPrefix
        let isReserved: Bool
    }

    private struct Ban: Sendable {
        var strikes = 0
        var until = Instant.start
    }

    private let configuration: Configuration
    private var memberHosts: [HostPrefix: Int] = [:]
    private var open: [UInt64: Slot] = [:]
    private var openToStrangers = 0
    private var nextNumber: UInt64 = 0
    private var buckets: RecencyTable<HostPrefix, TokenBucket>
    private var bans: RecencyTable<HostPrefix, Ban>

    /// Nobody known yet, nobody banned.
    package init(_ configuration: Configuration = Configuration()) {
        precondition(
            configuration.reservedForMembers < configuration.halfOpenLimit,
            "no handshake is left for members at unknown addresses"
        )
        self.configuration = configuration
        buckets = RecencyTable(limit: configuration.rememberedHosts)
        bans = RecencyTable(limit: configuration.rememberedBans)
    }

    /// How many handshakes are unfinished.
    package var halfOpenCount: Int { open.count }

    /// Sets at which hosts members live, and how many at each.
    ///
    /// Bans and buckets of hosts that have become members' are dropped.
    package mutating func setMembers(at hosts: [HostPrefix: Int]) {
        for (host, count) in hosts where memberHosts[host] != count {
            bans.remove(host)
            buckets.remove(host)
        }
        for host in memberHosts.keys where hosts[host] == nil { buckets.remove(host) }
        memberHosts = hosts
    }

    /// Judges a connection that has just been accepted.
    package mutating func connectionArrived(from host: HostPrefix, at now: Instant) -> Verdict {
        if let ban = bans[host], now < ban.until { return .refused(.banned) }
        let members = memberHosts[host] ?? 0
        var bucket = buckets[host] ?? newBucket(members: max(1, members))
        let hasToken = bucket.take(at: now)
        buckets.write(bucket, for: host)
        guard hasToken else { return .refused(.tooFast) }
        let isReserved = members > 0
        let room = configuration.halfOpenLimit - configuration.reservedForMembers
        guard open.count < configuration.halfOpenLimit, isReserved || openToStrangers < room else {
            return .refused(.full)
        }
        nextNumber += 1
        open[nextNumber] = Slot(host: host, isReserved: isReserved)
        if !isReserved { openToStrangers += 1 }
        return .admitted(Ticket(number: nextNumber))
    }

    private func newBucket(members: Int) -> TokenBucket {
        TokenBucket(interval: configuration.interval / members, burst: configuration.burst * members)
    }

    /// Frees the connection's place; a second call for one ticket does nothing.
    package mutating func handshakeEnded(_ ticket: Ticket, _ outcome: Outcome, at now: Instant) {
        guard let slot = open.removeValue(forKey: ticket.number) else { return }
        if !slot.isReserved { openToStrangers -= 1 }
        switch outcome {
        case .established: bans.remove(slot.host)
        case .failed: break
        case .badIdentity: strike(slot.host, at: now)
        }
    }

    private mutating func strike(_ host: HostPrefix, at now: Instant) {
        guard memberHosts[host] == nil else { return }
        var ban = bans[host] ?? Ban()
        if ban.until.duration(to: now) >= configuration.longestBan { ban = Ban() }
        ban.strikes = min(ban.strikes + 1, 32)
        let doubled = configuration.firstBan * (1 << (ban.strikes - 1))
        ban.until = now.advanced(by: min(doubled, configuration.longestBan))
        bans.write(ban, for: host)
    }
}
