import Consensus
import Cryptography
import Primitives
import Testing

/// A reorganisation takes the registered key back, and another is registered in its place.
@Suite struct ReplacedKeyTests {
    /// A key whose signatures are its number.
    private struct NumberedKey: GroupVerifier {
        let number: UInt8

        var signature: GroupSignature { GroupSignature([UInt8](repeating: number, count: 65))! }

        func isValid(_ signature: GroupSignature, epoch: Epoch, view: View, leader: Address) -> Bool {
            signature == self.signature
        }
    }

    private func election(of view: View, by number: UInt8, _ bench: Bench) -> ElectionCertificate {
        var certificate = bench.election(of: view)
        certificate.signature = NumberedKey(number: number).signature
        return certificate
    }

    private func blames(_ bench: Bench) -> Int {
        bench.actions.count { if case .penalize = $0 { true } else { false } }
    }

    @Test func `a certificate under a former key is not believed, and nobody is to blame for it`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(NumberedKey(number: 1)))
        bench.feed(.groupKeyActivated(NumberedKey(number: 2)))
        bench.clear()
        bench.feed(.electionCertificateReceived(election(of: View(4), by: 1, bench), from: bench.others[0]))
        #expect(bench.actions == [])
        bench.feed(.electionCertificateReceived(election(of: View(4), by: 3, bench), from: bench.others[0]))
        #expect(blames(bench) == 1)
    }

    @Test func `neither for one under a key that was only certified here`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyCertified(NumberedKey(number: 1)))
        bench.feed(.groupKeyCertified(NumberedKey(number: 2)))
        bench.feed(.electionCertificateReceived(election(of: View(4), by: 1, bench), from: bench.others[0]))
        bench.feed(.groupKeyActivated(NumberedKey(number: 2)))
        #expect(blames(bench) == 0)
        #expect(bench.enteredViews == [])
    }

    @Test func `with the key goes its certificate, and the view is elected anew under the other`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(NumberedKey(number: 1)))
        bench.feed(.electionCertificateReceived(election(of: View(4), by: 1, bench), from: bench.leader))
        #expect(bench.disk?.electionCertificate.count == 1)
        bench.feed(.groupKeyActivated(NumberedKey(number: 2)))
        #expect(bench.machine.highestElection == nil)
        #expect(bench.disk?.electionCertificate.count == 0)
        #expect(bench.disk?.view == View(4))
        let anew = election(of: View(4), by: 2, bench)
        bench.feed(.electionCertificateReceived(anew, from: nil))
        #expect(bench.machine.highestElection == anew)
        #expect(bench.enteredViews == [View(4)])
    }

    @Test func `a certificate stays when the key of it comes into force after a restart`() {
        var first = Bench.steady()
        first.feed(.groupKeyActivated(NumberedKey(number: 1)))
        let certificate = election(of: View(4), by: 1, first)
        first.feed(.electionCertificateReceived(certificate, from: first.leader))
        var bench = Bench(record: first.disk, incarnation: 2)
        bench.feed(.started)
        bench.feed(.groupKeyActivated(NumberedKey(number: 1)))
        #expect(bench.machine.highestElection == certificate)
    }

    @Test func `the leader gets the time for a certificate anew`() {
        var bench = Bench.steady()
        bench.feed(.groupKeyActivated(NumberedKey(number: 1)))
        bench.feed(.electionCertificateReceived(election(of: View(1), by: 1, bench), from: bench.leader))
        for _ in 0..<100 { bench.beatAll() }
        #expect(bench.suspicions == [])
        bench.feed(.groupKeyActivated(NumberedKey(number: 2)))
        bench.beatAll()
        #expect(bench.suspicions == [])
        for _ in 0..<100 { bench.beatAll() }
        #expect(bench.suspicions.contains(.noCertificate))
    }

    @Test func `of keys not in force the newest few are remembered`() {
        var bench = Bench.steady()
        for number in UInt8(1)...20 { bench.feed(.groupKeyCertified(NumberedKey(number: number))) }
        bench.feed(.groupKeyActivated(NumberedKey(number: 21)))
        for number in UInt8(1)...20 {
            let certificate = election(of: View(4), by: number, bench)
            bench.feed(.electionCertificateReceived(certificate, from: bench.others[0]))
        }
        #expect(blames(bench) == 12)
    }
}
