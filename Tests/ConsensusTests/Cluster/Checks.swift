import Consensus
import Primitives

/// What must hold after every step of every run, whatever the network and f liars do.
final class Checks {
    private(set) var violations: [String] = []
    private var lastEntered: [MemberIndex: View] = [:]
    private var lastOrder: [MemberIndex: [ObjectKind: Order]] = [:]
    /// Every wish that anybody signed.
    private var wishes: Set<SignedObject> = []
    /// When which honest member came to which view.
    private(set) var entries: [(moment: Instant, member: MemberIndex, view: View)] = []
    private(set) var wishCount: [MemberIndex: Int] = [:]

    func signed(_ wish: SignedObject) { wishes.insert(wish) }

    func isSigned(_ wish: SignedObject) -> Bool { wishes.contains(wish) }

    func fail(_ text: String, at node: SimNode) {
        violations.append("seed \(node.world.seed), \(node.world.now), member \(node.member): \(text)")
    }

    func seen(_ action: ViewChangeMachine.Action, by node: SimNode) {
        guard node.liar == nil else {
            if case .publish(let signed) = action { wishes.insert(signed) }
            return
        }
        if node.world.trace != nil { trace(action, by: node) }
        switch action {
        case .persist(let record, _):
            if record.view < node.disk?.view ?? View(0) { fail("the record's view fell", at: node) }
        case .publish(let signed): published(signed, by: node)
        case .entered(let view, let leader, let entrance): entered(view, leader, entrance, by: node)
        case .leadershipChanged(let leads): if leads { began(node) }
        case .penalize(let member, let offence):
            if node.world[member].liar == nil { fail("blames honest \(member): \(offence)", at: node) }
        case .sendViewCertificate, .sendElectionCertificate, .spreadElectionCertificate, .request,
            .forwardHeartbeat, .learned, .suspicionChanged:
            break
        }
    }

    private func trace(_ action: ViewChangeMachine.Action, by node: SimNode) {
        switch action {
        case .publish(let signed):
            let payload = signed.object.payload.bytes
            let wish = try? Wish(ssz: payload)
            let content = wish.map { "\($0.from)->\($0.to) \($0.reason) \($0.leaderSeen.sequence)" }
            node.world.note("\(node.member) publishes \(signed.object.kind) \(content ?? "")")
        case .entered(let view, let leader, _):
            node.world.note("\(node.member) enters \(view), led by \(leader)")
        case .suspicionChanged(let reason):
            node.world.note("\(node.member) suspects: \(reason.map { "\($0)" } ?? "-")")
        case .leadershipChanged(let leads): node.world.note("\(node.member) leads: \(leads)")
        case .learned(let certificate):
            node.world.note("\(node.member) learns of election \(certificate.view)")
        default: break
        }
    }

    private func published(_ signed: SignedObject, by node: SimNode) {
        let kind = signed.object.kind
        let order = signed.object.order
        let last = lastOrder[node.member]?[kind] ?? .zero
        let due = last.incarnation == node.incarnation ? last.sequence + 1 : 1
        if order != Order(incarnation: node.incarnation, sequence: due) {
            fail("\(kind) has order \(order), due was \(due)", at: node)
        }
        lastOrder[node.member, default: [:]][kind] = order
        wishes.insert(signed)
        guard kind == .wish, let wish = try? Wish(ssz: signed.object.payload.bytes) else { return }
        if !wish.isWithdrawal { wishCount[node.member, default: 0] += 1 }
        guard let disk = node.disk, disk.view == wish.from, disk.wishedView == wish.to else {
            return fail("published a wish that is not durable", at: node)
        }
    }

    private func entered(
        _ view: View,
        _ leader: MemberIndex,
        _ entrance: ViewChangeMachine.Entrance,
        by node: SimNode
    ) {
        entries.append((node.world.now, node.member, view))
        if view < lastEntered[node.member] ?? View(0) { fail("view fell to \(view)", at: node) }
        lastEntered[node.member] = view
        if node.disk?.view ?? View(0) < view { fail("entered \(view) before it was durable", at: node) }
        let committee = node.world.committee
        if leader != committee.leader(of: view) { fail("follows \(leader) in \(view)", at: node) }
        guard case .certificate(let certificate) = entrance else { return }
        let authors = Set(certificate.wishes.filter { wishes.contains($0) }.map(\.object.author))
        if authors.count < committee.quorum || certificate.view != view {
            fail("entered \(view) by \(authors.count) true wishes for \(certificate.view)", at: node)
        }
    }

    private func began(_ node: SimNode) {
        for other in node.world.live where other !== node {
            if other.isLeading, other.durableView == node.durableView {
                fail("leads \(node.durableView) beside \(other.member)", at: node)
            }
        }
    }
}
