import Consensus
import Primitives
import Testing

/// f liars, alone or with one honest member whose links flap, never depose a live leader that does its duty.
@Suite struct StickinessTests {
    /// In which direction the flapping member's messages are lost, and with whom.
    enum Flap: CaseIterable { case none, all, leader, inward, outward }

    struct Lie: CustomTestStringConvertible {
        let wishing: Liar.Wishing
        let acknowledges: Bool
        let reasons: [WishReason]
        var testDescription: String { "\(wishing), acknowledges \(acknowledges), \(reasons)" }
    }

    static let lies = [
        Lie(wishing: .next, acknowledges: true, reasons: [.silence]),
        Lie(wishing: .next, acknowledges: false, reasons: Liar.hardReasons),
        Lie(wishing: .equivocal, acknowledges: false, reasons: Liar.hardReasons),
        Lie(wishing: .huge, acknowledges: false, reasons: [.duty]),
        Lie(wishing: .flip, acknowledges: true, reasons: [.linkLost, .joined, .noCertificate]),
    ]

    @Test(arguments: [4, 7], lies)
    func `a live leader stays`(size: Int, lie: Lie) throws {
        for (number, flap) in Flap.allCases.enumerated() {
            for run in Seeds.count(1) {
                try stays(size: size, lie, flap, seed: run &* 1_000 + UInt64(number))
            }
        }
    }

    private func stays(size: Int, _ lie: Lie, _ flap: Flap, seed: UInt64) throws {
        let committee = SimCommittee.make(size: size, salt: UInt8(truncatingIfNeeded: seed))
        let leader = committee.leader(of: View(1))
        let others = committee.indices.filter { $0 != leader }
        let faults = committee.faultLimit
        let hoard = Hoard()
        var liars: [MemberIndex: Liar] = [:]
        for member in others.prefix(faults) {
            let liar = Liar()
            liar.wishing = lie.wishing
            liar.acknowledges = lie.acknowledges
            liar.reasons = lie.reasons
            liar.hoard = hoard
            liars[member] = liar
        }
        let world = World(size: size, seed: seed, liars: liars)
        _ = try #require(world.run(for: .seconds(30)) { world.isSettled }, "seed \(seed): never settled")
        let view = try #require(world.commonView)
        try #require(view == View(1), "seed \(seed): deposed at the start")
        let flapper = others[faults]
        let end = world.now.advanced(by: .seconds(40))
        while world.now < end, world[leader].durableView == view {
            world.run(for: world.draw(.milliseconds(500) ... .seconds(5)))
            cut(true, flap, flapper, leader, in: world)
            world.run(for: world.draw(.milliseconds(300) ... .seconds(6)))
            cut(false, flap, flapper, leader, in: world)
        }
        let deposed = world.live.filter { $0.durableView > view && $0.member != flapper }.map(\.member)
        #expect(deposed == [], "seed \(seed), \(flap): deposed by the view of \(deposed) at \(world.now)")
        #expect(world.checks.violations == [])
        #expect(hoard.struck == 0, "seed \(seed), \(flap): hoarded wishes made a certificate")
    }

    private func cut(
        _ isCut: Bool,
        _ flap: Flap,
        _ flapper: MemberIndex,
        _ leader: MemberIndex,
        in world: World
    ) {
        for other in world.committee.indices where other != flapper {
            let (one, two) = (flapper.offset, other.offset)
            switch flap {
            case .none: break
            case .all:
                world.isCut[one][two] = isCut
                world.isCut[two][one] = isCut
            case .leader where other == leader:
                world.isCut[one][two] = isCut
                world.isCut[two][one] = isCut
            case .leader: break
            case .inward: world.isCut[two][one] = isCut
            case .outward: world.isCut[one][two] = isCut
            }
        }
        guard !isCut, flap != .none else { return }
        for other in world.committee.indices where other != flapper && (flap != .leader || other == leader) {
            world.drop(flapper, other)
            world.dial(flapper, other)
        }
    }
}
