import BLS12381
import Cryptography
import Primitives

/// Which orders are believed.
extension OperatorMachine {
    mutating func enter(_ committee: Committee) {
        guard self.committee?.configDigest != committee.configDigest else { return }
        self.committee = committee
        voices = voices.filter { committee.index(of: $0.key) != nil }
        for (id, _) in inOrder(works) { act(.open(id, with: oracles(committee))) }
    }

    private func oracles(_ committee: Committee) -> Set<Identity> {
        Set(committee.indices.compactMap { committee.identity(of: $0) })
    }

    mutating func hear(_ voice: Voice, from oracle: Identity, at now: Instant) {
        guard let committee, committee.index(of: oracle) != nil else { return }
        var said = voices[oracle, default: []]
        guard !said.contains(voice) else { return }
        said.append(voice)
        if said.count > Self.voiceLimit { said.removeFirst() }
        voices[oracle] = said
        guard isVouched(voice) else { return }
        guard works[voice.operation] == nil else { return review(voice.operation) }
        guard makeRoom() else { return }
        works[voice.operation] = OperatorWork(since: now)
        act(.open(voice.operation, with: oracles(committee)))
    }

    /// Whether so many oracles say it that one of them is honest.
    private func isVouched(_ voice: Voice) -> Bool {
        guard let committee else { return false }
        return voices.values.count { $0.contains(voice) } > committee.faultLimit
    }

    /// Lets go of the oldest operation that is not under way, if there is no room for another.
    private mutating func makeRoom() -> Bool {
        guard works.count >= Self.openLimit else { return true }
        let idle = works.filter { $0.value.fold?.hasFailed ?? true }
        guard let oldest = idle.min(by: { ($0.value.since, $0.key) < ($1.value.since, $1.key) })?.key
        else { return false }
        close(oldest)
        return true
    }

    mutating func take(order item: OperatorItem) {
        guard let work = works[item.operation], work.plan == nil else { return }
        // A plan has one encoding, and the operation is its root: other bytes are nobody's order.
        guard let plan = try? OperationPlan(ssz: item.bytes), plan.id == item.operation,
            let checked = try? CheckedPlan(plan)
        else { return act(.convict(item)) }
        works[item.operation]?.plan = checked
        review(item.operation)
    }

    /// Takes an order if enough oracles vouch for it and the chain asks for it.
    mutating func review(_ id: Digest) {
        guard let work = works[id], work.fold == nil, let plan = work.plan else { return }
        guard isVouched(Voice(operation: id, digest: SHA256.hash(plan.plan.sszBytes))) else { return }
        do throws(OrderObstacle) {
            try check(plan)
        } catch {
            guard work.obstacle != error else { return }
            works[id]?.obstacle = error
            return tell(.waits(id, error))
        }
        // What an earlier attempt could still come to is the oracles' to know, and they have begun anew.
        for (other, work) in inOrder(works) {
            guard let earlier = work.fold?.plan.plan, earlier.request == plan.plan.request,
                earlier.attempt < plan.plan.attempt
            else { continue }
            close(other)
        }
        let fold = OperationAttempt(plan, in: domains)
        works[id]?.fold = fold
        works[id]?.early = [:]
        tell(.taken(plan.plan.request, attempt: plan.plan.attempt, id))
        for (_, items) in work.early.sorted(by: { $0.key < $1.key }) {
            for item in items { take(message: item) }
        }
        proceed(id)
    }

    /// Whether the plan is the one that the chain gives for its attempt, and this operator can do its part.
    ///
    /// Who is left out, what an exit says and how the key is shared are the oracles' word; all else follows from the
    /// chain.
    private func check(_ plan: CheckedPlan) throws(OrderObstacle) {
        guard plan.operators[setting.id]?.identity == setting.identity else { throw .notNamed }
        var exit: VoluntaryExit?
        if case .exit(let task) = plan.task { exit = task.exit }
        let own: OperationPlan
        do {
            own = try facts.plan(
                of: plan.plan.request,
                attempt: plan.plan.attempt,
                excluding: Set(plan.plan.excluded.elements),
                sharing: plan.sharing,
                exit: exit,
                on: setting.network
            )
        } catch {
            throw .noPlan(error)
        }
        guard own == plan.plan else { throw .otherPlan }
        guard let sharing = plan.sharing, needsShare(plan) else { return }
        let share = setting.id.shareIndex.flatMap { sharing.publicShare(at: $0)?.bytes }
        guard held.contains(where: { $0.publicKey == sharing.publicKey.bytes && $0.publicShare == share })
        else { throw .shareMissing }
    }

    private func needsShare(_ plan: CheckedPlan) -> Bool {
        if case .exit = plan.task { true } else { plan.dealers.contains(setting.id) }
    }
}
