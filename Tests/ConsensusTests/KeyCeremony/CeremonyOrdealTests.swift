import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct CeremonyOrdealTests {
    /// The logs of members of ill will, and a shell that answers when it likes.
    private struct World {
        let bench = CeremonyBench()
        var ordeal: Ordeal<KeyCeremonyMachine>
        var answers: [KeyCeremonyMachine.Event] = []
        var places: [MemberIndex: UInt64] = [:]

        init(seed: UInt64) {
            ordeal = Ordeal(bench.machine, seed: seed)
        }

        private mutating func member() -> MemberIndex { ordeal.one(of: bench.cast.committee.indices) }

        /// The plan of the first attempt or of one that may never be proposed.
        private mutating func plan() -> AttemptPlan {
            if ordeal.once(in: 2) { return bench.plan }
            let attempt = UInt16(truncatingIfNeeded: ordeal.number(below: 200))
            let left = member()
            let dealers = bench.cast.committee.indices.filter { $0 != left }
            return AttemptPlan(attempt: attempt, dealers: SSZList(dealers)!)
        }

        private mutating func members() -> SSZList<MemberIndex, 128> {
            SSZList(bench.cast.committee.indices.filter { _ in ordeal.once(in: 3) })!
        }

        private mutating func body(by author: MemberIndex) -> (LogTopic, [UInt8]) {
            let plan = plan()
            let session = HashCeremony.session(plan)
            switch ordeal.random.next() % 6 {
            case 0:
                var deal = bench.deal(by: author, plan, number: ordeal.random.next() % 3)
                if ordeal.once(in: 3) {
                    deal.encryptedShares = SSZList(deal.encryptedShares.elements.reversed())!
                }
                return (.deal, deal.sszBytes)
            case 1:
                let digest = SHA256.hash([UInt8(truncatingIfNeeded: ordeal.random.next())])
                let transcript = ordeal.machine.attempts.first?.outcome?.transcript ?? digest
                let approval = FixedBytes<ByteTag.Signature, 64>(digest.array + digest.array)!
                let confirm = Confirm(
                    session: session,
                    transcript: ordeal.once(in: 2) ? transcript : digest,
                    approval: approval
                )
                return (.confirm, confirm.sszBytes)
            case 2:
                let dealer = member()
                let complaint = HashCeremony.complaint(
                    about: dealer,
                    in: session,
                    by: ordeal.once(in: 3) ? member() : author
                )
                let digest = bench.deal(by: dealer, plan).digest
                return (.complaint, Grievance(deal: digest, complaint: complaint).sszBytes)
            case 3: return (.absent, Absent(session: session, dealers: members()).sszBytes)
            case 4:
                let proposal = Proposal(
                    view: View(ordeal.number(below: 20)),
                    plan: plan,
                    guilty: members(),
                    absent: members()
                )
                return (.proposal, proposal.sszBytes)
            default: return (ordeal.one(of: LogTopic.allCases), ordeal.bytes())
            }
        }

        mutating func event() -> KeyCeremonyMachine.Event? {
            switch ordeal.random.next() % 16 {
            case 0...8:
                let author = member()
                let (topic, body) = body(by: author)
                places[author, default: 0] += 1
                let bytes = ordeal.once(in: 6) ? ordeal.spoilt(body) : body
                return .entry(bench.cast.entry(by: author, topic, bytes, at: places[author, default: 1]))
            case 9: return .enteredView(View(ordeal.number(below: 20)))
            case 10 where ordeal.once(in: 4):
                return .registered(transcript: ordeal.machine.attempts.first?.outcome?.transcript ?? Digest())
            case 10: return ordeal.once(in: 2) ? .unregistered : .registrationFinal
            case 11 where ordeal.once(in: 8):
                let crime = ordeal.one(of: [Crime.badDeal, .twoVotes, .forkedLog, .falseComplaint])
                return .convicted(
                    Conviction(epoch: bench.cast.committee.epoch, member: member(), crime: crime)
                )
            default:
                guard !answers.isEmpty else { return nil }
                return answers.remove(at: Int(ordeal.random.next() % UInt64(answers.count)))
            }
        }

        mutating func take(_ actions: [KeyCeremonyMachine.Action]) {
            for action in actions {
                switch action {
                case .append(let topic, let body):
                    places[bench.member, default: 0] += 1
                    let place = places[bench.member, default: 1]
                    answers.append(.entry(bench.cast.entry(by: bench.member, topic, body, at: place)))
                case .deal(let plan): answers.append(.dealt(bench.deal(by: bench.member, plan)))
                case .openShare(let opening):
                    let complaint = HashCeremony.complaint(
                        about: opening.deals[0].dealer,
                        in: opening.session,
                        by: bench.member
                    )
                    answers.append(
                        ordeal.once(in: 3)
                            ? .shareFaulty(opening.session, [complaint]) : .shareOpened(opening.session)
                    )
                case .approve(let order):
                    let digest = bench.cast.domain.digest(of: order.statement)
                    let account = bench.cast.committee[bench.member]!.account
                    answers.append(.approved(order.session, HashCeremony.approval(of: digest, by: account)))
                default: break
                }
            }
            answers = answers.suffix(32)
        }
    }

    @Test(arguments: 1...6)
    func `no order of entries and answers stops it, sets it spinning or makes it grow`(seed: UInt64) {
        var world = World(seed: seed)
        world.take(world.ordeal.feed(.started))
        var heaviest = 0
        for step in 0..<2_500 {
            if world.ordeal.once(in: 5) {
                world.take(world.ordeal.rest())
            } else if let event = world.event() {
                world.take(world.ordeal.feed(event))
            }
            if step.isMultiple(of: 250) { heaviest = max(heaviest, world.ordeal.weight) }
        }
        #expect(world.ordeal.problems.isEmpty)
        #expect(heaviest < 200_000)
    }
}
