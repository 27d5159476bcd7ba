import Consensus
import Primitives
import Testing

/// Certificates asked for, given, taken and refused: rules 4 and 5.
@Suite struct ExchangeTests {
    private func requests(_ bench: Bench) -> [MemberIndex] {
        bench.actions.compactMap { if case .request(_, let member) = $0 { member } else { nil } }
    }

    private func gifts(_ bench: Bench) -> [MemberIndex] {
        bench.actions.compactMap { if case .sendViewCertificate(_, let member) = $0 { member } else { nil } }
    }

    private func certificate(_ bench: inout Bench, for view: View = View(2)) -> ViewCertificate {
        let authors = bench.committee.indices.filter { $0 != bench.me }
        let wishes = authors.map { bench.wish($0, to: view, .duty) }
        return ViewCertificate(epoch: bench.committee.epoch, view: view, wishes: SSZList(wishes)!)
    }

    @Test func `whoever shows a higher view is asked, once an interval`() {
        var bench = Bench.steady()
        bench.beat(bench.others[0], view: View(3))
        bench.beat(bench.others[0], view: View(3))
        bench.hearWish(bench.others[1], from: View(2), to: View(3))
        #expect(requests(bench) == [bench.others[0], bench.others[1]])
        bench.advance(by: bench.interval)
        bench.beat(bench.others[0], view: View(3))
        bench.feed(.linkUp(bench.others[1], view: View(3)))
        #expect(requests(bench) == [bench.others[0], bench.others[1], bench.others[0], bench.others[1]])
    }

    @Test func `whoever lags for an interval is given the certificate, once an interval`() {
        var bench = Bench.steady()
        let certificate = certificate(&bench)
        bench.feed(.viewCertificateReceived(certificate, from: bench.leader))
        #expect(bench.enteredViews == [View(2)])
        bench.beat(bench.others[0])
        #expect(gifts(bench) == [])
        bench.advance(by: bench.interval)
        bench.beat(bench.others[0])
        bench.beat(bench.others[0])
        #expect(gifts(bench) == [bench.others[0]])
        bench.advance(by: bench.interval)
        bench.hearWish(bench.others[0])
        #expect(gifts(bench) == [bench.others[0], bench.others[0]])
    }

    @Test func `a request is answered, once an interval and member unless there is something new`() {
        var bench = Bench.steady()
        let request = CertificateRequest(epoch: bench.committee.epoch, view: View(2))
        bench.feed(.certificatesRequested(request, by: bench.others[0]))
        #expect(gifts(bench) == [])
        bench.feed(.viewCertificateReceived(certificate(&bench), from: bench.leader))
        for _ in 0..<3 { bench.feed(.certificatesRequested(request, by: bench.others[0])) }
        #expect(gifts(bench) == [bench.others[0]])
        bench.feed(.viewCertificateReceived(certificate(&bench, for: View(3)), from: bench.leader))
        bench.feed(.certificatesRequested(request, by: bench.others[0]))
        #expect(gifts(bench) == [bench.others[0], bench.others[0]])
        let foreign = CertificateRequest(epoch: Epoch(9), view: View(2))
        bench.feed(.certificatesRequested(foreign, by: bench.others[1]))
        #expect(gifts(bench).count == 2)
    }

    @Test func `a certificate that breaks a rule is its sender's offence and moves nobody`() {
        var bench = Bench.steady()
        var broken = certificate(&bench)
        broken.view = View(9)
        let author = bench.committee.indices.first { $0 != bench.me }!
        bench.feed(.viewCertificateReceived(broken, from: bench.others[0]))
        #expect(bench.actions == [.penalize(bench.others[0], .viewCertificate(.target(of: author)))])
        bench.clear()
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        var election = bench.election(of: View(4))
        election.signature = GroupSignature()
        bench.feed(.electionCertificateReceived(election, from: bench.others[0]))
        #expect(bench.actions == [.penalize(bench.others[0], .electionCertificate(.signature(View(4))))])
        #expect(bench.enteredViews == [])
    }

    @Test func `a payload that does not decode is its author's offence`() {
        var bench = Bench.steady()
        let author = bench.others[0]
        bench.feed(.received(bench.signed([1, 2, 3], .wish, by: author, sequence: 1)))
        bench.feed(.received(bench.signed([1, 2, 3], .linkLost, by: author, sequence: 1)))
        #expect(
            bench.actions == [.penalize(author, .malformed(.wish)), .penalize(author, .malformed(.linkLost))]
        )
    }

    @Test func `an election certificate is learned, passed on, kept, and entered`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        let election = bench.election(of: View(4))
        bench.feed(.electionCertificateReceived(election, from: bench.others[0]))
        #expect(bench.actions.contains(.learned(election)))
        #expect(bench.actions.contains(.spreadElectionCertificate(election, except: bench.others[0])))
        #expect(bench.enteredViews == [View(4)])
        #expect(bench.disk?.electionCertificate.first == election)
        bench.clear()
        bench.feed(.electionCertificateReceived(election, from: bench.others[1]))
        bench.feed(.electionCertificateReceived(bench.election(of: View(3)), from: bench.others[1]))
        #expect(bench.actions == [])
    }

    @Test func `an election certificate that comes before the group key waits for it`() {
        var bench = Bench.steady()
        var lie = bench.election(of: View(6))
        lie.signature = GroupSignature()
        bench.feed(.electionCertificateReceived(lie, from: bench.others[0]))
        bench.feed(.electionCertificateReceived(bench.election(of: View(4)), from: bench.others[1]))
        #expect(bench.actions == [])
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        #expect(bench.enteredViews == [View(4)])
        #expect(
            bench.actions.contains(
                .penalize(bench.others[0], .electionCertificate(.signature(View(6))))
            )
        )
    }

    @Test func `whoever misses a certificate that is there is given it instead of a change`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        let election = bench.election(of: View(1))
        bench.feed(.electionCertificateReceived(election, from: bench.leader))
        bench.clear()
        bench.hearWish(bench.others[0], .noCertificate)
        #expect(bench.actions == [.sendElectionCertificate(election, to: bench.others[0])])
    }

    @Test func `what the chain shows is kept until the group key is there to check it`() {
        var bench = Bench.steady()
        bench.feed(.electionCertificateReceived(bench.election(of: View(5)), from: nil))
        #expect(bench.enteredViews == [])
        bench.feed(.groupKeyActivated(SimGroupVerifier()))
        #expect(bench.enteredViews == [View(5)])
    }

    @Test(arguments: [false, true])
    func `an election that an endpoint has made up moves nobody and is nobody's offence`(isKeyKnown: Bool) {
        var bench = Bench.steady()
        if isKeyKnown { bench.feed(.groupKeyActivated(SimGroupVerifier())) }
        var lie = bench.election(of: View(6))
        lie.signature[40] ^= 1
        bench.feed(.electionCertificateReceived(lie, from: nil))
        if !isKeyKnown { bench.feed(.groupKeyActivated(SimGroupVerifier())) }
        #expect(bench.enteredViews == [])
        #expect(bench.actions == [])
    }
}
