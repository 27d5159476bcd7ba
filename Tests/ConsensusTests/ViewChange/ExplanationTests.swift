import Consensus
import Primitives
import Testing

/// What an operator reads who asks why a node follows the leader it follows.
@Suite struct ExplanationTests {
    private func sentences(_ bench: Bench) -> [String] {
        bench.machine.explanation(at: bench.now).sentences
    }

    private func name(_ bench: Bench, _ member: MemberIndex) -> String {
        member == bench.me ? "this node" : "oracle \(member)"
    }

    @Test func `a trusted leader is named, with the silence that would end it`() {
        var bench = Bench.steady()
        bench.advance(by: .milliseconds(100))
        #expect(
            sentences(bench) == [
                "In view 1 oracle \(bench.leader) leads, for 3.1 s.",
                "It was heard 0.1 s ago; 1.0 s of silence are too much.",
            ]
        )
    }

    @Test func `the time left for a certificate and for a duty is told`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        bench.feed(.dutyOwed(true))
        bench.beatAll()
        #expect(
            sentences(bench) == [
                "In view 1 oracle \(bench.leader) leads, for 3.2 s, not certified yet: "
                    + "3 members have to sign its election.",
                "It was heard 0.0 s ago; 1.0 s of silence are too much.",
                "It has 10.7 s left to bring its certificate.",
                "It has 10.7 s left for what only the leader can do to make the group key.",
            ]
        )
        bench.feed(.electionCertificateReceived(bench.election(of: View(1)), from: bench.leader))
        bench.feed(.dutyOwed(false))
        #expect(
            sentences(bench).first
                == "In view 1 oracle \(bench.leader) leads, for 3.2 s, certified by the group."
        )
        #expect(sentences(bench).count == 2)
    }

    @Test func `a change that wants wishes names who wishes, who does not, and how many are missing`() {
        var bench = Bench.steady(size: 7)
        for _ in 0..<4 { bench.beatAll(except: [bench.leader, bench.others[4]]) }
        bench.hearWish(bench.others[0], to: View(3), .silence)
        let told = sentences(bench)
        #expect(told[0] == "In view 1 oracle \(bench.leader) leads, for 4.0 s.")
        #expect(told[1] == "This node suspects it: it is silent.")
        #expect(
            told[2]
                == "2 of the 5 members that it takes want another leader; 3 more would do:"
        )
        let wishers = [bench.me, bench.others[0]].sorted()
        let target = bench.wishes.last!.to
        #expect(
            told[3...4]
                == wishers.map {
                    let view = $0 == bench.me ? target : View(3)
                    return "  \(name(bench, $0)) wants view \(view): it is silent."
                }[...]
        )
        let rest = bench.committee.indices.filter { !wishers.contains($0) }.map { member in
            let isSilent = member == bench.leader || member == bench.others[4]
            return "oracle \(member) is \(isSilent ? "silent for 1.0 s" : "content")"
        }
        #expect(told[5...] == ["The others: \(rest.joined(separator: "; "))."])
    }

    @Test func `a node that hears too few says that it does not judge, and whom it misses`() {
        var bench = Bench.steady()
        let gone = [bench.leader, bench.others[0]].sorted()
        for _ in 0..<20 { bench.beatAll(except: gone) }
        bench.feed(.linkClosed(gone[0], byPeer: false))
        #expect(
            sentences(bench) == [
                "In view 1 oracle \(bench.leader) leads, for 8.0 s.",
                "It was heard 5.0 s ago; 1.0 s of silence are too much.",
                "This node does not judge it: only 2 members are fresh, 3 are needed.",
                "Out of reach: oracle \(gone[0]) is silent for 5.0 s, not linked; "
                    + "oracle \(gone[1]) is silent for 5.0 s.",
            ]
        )
    }

    @Test func `a leader that a quorum does not follow says that it does not act`() {
        var bench = Bench.steady(leading: true)
        #expect(sentences(bench) == ["In view 1 this node leads, for 3.0 s."])
        for _ in 0..<6 { bench.beatAll(except: bench.others) }
        #expect(
            sentences(bench).first
                == "In view 1 this node leads, for 4.5 s, but does not act: it drains, or a quorum does not follow it."
        )
    }
}
