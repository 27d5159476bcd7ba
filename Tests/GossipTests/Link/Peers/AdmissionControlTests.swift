import Gossip
import Primitives
import Testing

@Suite struct AdmissionControlTests {
    private typealias Verdict = AdmissionControl.Verdict

    private static func host(_ number: Int) throws -> HostPrefix {
        try #require(
            HostPrefix([10, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)])
        )
    }

    private static func at(_ milliseconds: Int) -> Instant {
        Instant.start.advanced(by: .milliseconds(milliseconds))
    }

    private func ticket(_ verdict: Verdict) throws -> AdmissionControl.Ticket {
        guard case .admitted(let ticket) = verdict else {
            Issue.record("refused: \(verdict)")
            throw Refused()
        }
        return ticket
    }

    struct Refused: Error {}

    @Test func `admits ten of a host at once and then five a second`() throws {
        var control = AdmissionControl()
        let host = try Self.host(1)
        var admitted = 0
        for millisecond in stride(from: 0, to: 10_000, by: 10) {
            let verdict = control.connectionArrived(from: host, at: Self.at(millisecond))
            guard case .admitted(let ticket) = verdict else {
                #expect(verdict == .refused(.tooFast))
                continue
            }
            admitted += 1
            control.handshakeEnded(ticket, .failed, at: Self.at(millisecond))
        }
        #expect(admitted == 10 + 49)
    }

    @Test func `bounds unfinished handshakes and keeps places for members`() throws {
        var control = AdmissionControl()
        let member = try Self.host(0)
        control.setMembers(at: [member: 128])
        var tickets: [AdmissionControl.Ticket] = []
        for number in 1...40 {
            tickets.append(try ticket(control.connectionArrived(from: Self.host(number), at: .start)))
        }
        #expect(control.connectionArrived(from: try Self.host(99), at: .start) == .refused(.full))
        for _ in 0..<24 { tickets.append(try ticket(control.connectionArrived(from: member, at: .start))) }
        #expect(control.connectionArrived(from: member, at: .start) == .refused(.full))
        #expect(control.halfOpenCount == 64)
        control.handshakeEnded(tickets[0], .failed, at: .start)
        control.handshakeEnded(tickets[0], .failed, at: .start)
        #expect(control.halfOpenCount == 63)
        _ = try ticket(control.connectionArrived(from: Self.host(98), at: .start))
        #expect(control.connectionArrived(from: try Self.host(97), at: .start) == .refused(.full))
    }

    @Test func `members may take all places`() throws {
        var control = AdmissionControl()
        let member = try Self.host(0)
        control.setMembers(at: [member: 10])
        for _ in 0..<64 { _ = try ticket(control.connectionArrived(from: member, at: .start)) }
        #expect(control.connectionArrived(from: try Self.host(1), at: .start) == .refused(.full))
    }

    @Test func `members who share a host have a bucket each`() throws {
        var control = AdmissionControl()
        let member = try Self.host(0)
        control.setMembers(at: [member: 3])
        for _ in 0..<30 {
            let ticket = try ticket(control.connectionArrived(from: member, at: .start))
            control.handshakeEnded(ticket, .established, at: .start)
        }
        #expect(control.connectionArrived(from: member, at: .start) == .refused(.tooFast))
    }

    @Test func `bans for a bad identity, twice as long each time, at most an hour`() throws {
        var control = AdmissionControl()
        let host = try Self.host(1)
        var now = Instant.start
        for ban in [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600] {
            let ticket = try ticket(control.connectionArrived(from: host, at: now))
            control.handshakeEnded(ticket, .badIdentity, at: now)
            let until = now.advanced(by: .seconds(ban))
            #expect(
                control.connectionArrived(from: host, at: until.advanced(by: .nanoseconds(-1)))
                    == .refused(.banned)
            )
            now = until
        }
    }

    @Test func `forgives after an hour without offence, or a proven identity`() throws {
        for pardons in [false, true] {
            var control = AdmissionControl()
            let host = try Self.host(1)
            for second in [0, 10] {
                let now = Self.at(second * 1_000)
                control.handshakeEnded(
                    try ticket(control.connectionArrived(from: host, at: now)),
                    .badIdentity,
                    at: now
                )
            }
            var now = Self.at(30_000)
            if pardons {
                control.handshakeEnded(
                    try ticket(control.connectionArrived(from: host, at: now)),
                    .established,
                    at: now
                )
            } else {
                now = now.advanced(by: .seconds(3_600))
            }
            control.handshakeEnded(
                try ticket(control.connectionArrived(from: host, at: now)),
                .badIdentity,
                at: now
            )
            // The first ban's length again, not the third's.
            _ = try ticket(control.connectionArrived(from: host, at: now.advanced(by: .seconds(10))))
        }
    }

    @Test func `bans nobody for a handshake that only failed`() throws {
        var control = AdmissionControl()
        let host = try Self.host(1)
        control.handshakeEnded(
            try ticket(control.connectionArrived(from: host, at: .start)),
            .failed,
            at: .start
        )
        _ = try ticket(control.connectionArrived(from: host, at: .start))
    }

    @Test func `never bans a member's host, and pardons one that becomes a member's`() throws {
        var control = AdmissionControl()
        let member = try Self.host(0)
        let coming = try Self.host(1)
        control.setMembers(at: [member: 1])
        for host in [member, coming] {
            control.handshakeEnded(
                try ticket(control.connectionArrived(from: host, at: .start)),
                .badIdentity,
                at: .start
            )
        }
        _ = try ticket(control.connectionArrived(from: member, at: .start))
        #expect(control.connectionArrived(from: coming, at: .start) == .refused(.banned))
        control.setMembers(at: [member: 1, coming: 1])
        _ = try ticket(control.connectionArrived(from: coming, at: .start))
        // Nothing of it is held against them when they are members no longer.
        control.setMembers(at: [:])
        for host in [member, coming] { _ = try ticket(control.connectionArrived(from: host, at: .start)) }
    }

    @Test func `remembers a bounded number of hosts, the oldest forgotten first`() throws {
        var configuration = AdmissionControl.Configuration()
        configuration.rememberedBans = 3
        configuration.rememberedHosts = 3
        var control = AdmissionControl(configuration)
        for number in 1...4 {
            control.handshakeEnded(
                try ticket(control.connectionArrived(from: Self.host(number), at: .start)),
                .badIdentity,
                at: .start
            )
        }
        let verdicts = try (1...4).map { control.connectionArrived(from: try Self.host($0), at: .start) }
        _ = try ticket(verdicts[0])
        #expect(verdicts[1...] == [.refused(.banned), .refused(.banned), .refused(.banned)])
    }
}

@Suite struct HostPrefixTests {
    @Test func `tells IPv4 addresses apart and IPv6 ones by their first half`() {
        #expect(HostPrefix([10, 0, 0, 1]) != HostPrefix([10, 0, 0, 2]))
        var address: [UInt8] = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
        let first = HostPrefix(address)
        address[15] = 2
        #expect(HostPrefix(address) == first)
        address[7] = 2
        #expect(HostPrefix(address) != first)
    }

    @Test func `takes a mapped IPv4 address for what it is`() {
        let mapped = [UInt8](repeating: 0, count: 10) + [255, 255, 10, 0, 0, 1]
        #expect(HostPrefix(mapped) == HostPrefix([10, 0, 0, 1]))
        let loopback = [UInt8](repeating: 0, count: 15) + [1]
        #expect(HostPrefix(loopback) != HostPrefix([0, 0, 0, 1]))
    }

    @Test func `takes no other lengths`() {
        for count in 0...20 where count != 4 && count != 16 {
            #expect(HostPrefix([UInt8](repeating: 1, count: count)) == nil)
        }
    }
}
