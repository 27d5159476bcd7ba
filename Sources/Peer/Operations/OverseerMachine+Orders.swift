import BLS12381
import Gossip
import KeyOperations
import Primitives

/// Which attempts are made: a leader orders them, and every oracle judges for itself whether they are right.
extension OverseerMachine {
    /// How many orders may wait for the chain to tell of their requests.
    private static let unknownLimit = 64

    /// Takes a leader's order.
    mutating func hear(_ order: OrderedPlan, from author: Identity, at now: Instant) {
        let request = order.plan.request
        guard let committee, committee.identity(of: committee.leader(of: order.view)) == author else {
            return tell(.refused(request, attempt: order.plan.attempt, author: author, .notLeader))
        }
        guard let known = facts.requests[request] else {
            unknownOrders.append((author, order))
            if unknownOrders.count > Self.unknownLimit { unknownOrders.removeFirst() }
            return
        }
        guard known.isOpen else { return recall(order) }
        works[request, default: OverseerWork()].orders[author] = order
        judgeOrders(known, at: now)
    }

    /// Reads an order of a request that is done, for how it has shared keys.
    private mutating func recall(_ order: OrderedPlan) {
        let id = order.plan.id
        guard recalls[id] == nil, lacksSharing(madeBy: order.plan.request),
            let plan = try? CheckedPlan(order.plan)
        else { return }
        var attempt = OperationAttempt(plan, in: domains)
        for signed in strays.remove(id) { _ = attempt.take(signed, with: verifier) }
        recalls[id] = attempt
        if let result = attempt.result { note(result, id) }
    }

    /// Does what a request wants done now.
    mutating func review(_ request: OperationFacts.Request, at now: Instant) {
        if case .exit(let leaving) = request.content, let report = reportOf(leaving, request.id) {
            return endorse(report, for: request.id, in: nil)
        }
        expire(request, at: now)
        judgeOrders(request, at: now)
        reportResults(request, at: now)
        order(request, at: now)
    }

    private func reportOf(_ leaving: ExitRequest, _ id: RequestID) -> OperationReport? {
        guard let committee, facts.validators[leaving.publicKey]?.operators == leaving.operators else {
            return nil
        }
        return OperationReport.report(of: leaving, id, in: committee.epoch)
    }

    /// Notes that the newest attempt has come to nothing in this oracle's view.
    private mutating func expire(_ request: OperationFacts.Request, at now: Instant) {
        guard let work = works[request.id], let attempt = work.attempts[work.newest], !attempt.hasFailed
        else { return }
        if attempt.fold.hasFailed {
            works[request.id]?.attempts[work.newest]?.hasFailed = true
            act(.keep(attempt.fold.plan.id))
        } else if attempt.isComplete {
            guard now >= attempt.progress.advanced(by: setting.reportPatience),
                !attempt.reports.contains(where: { signed.contains($0) })
            else { return }
            works[request.id]?.attempts[work.newest]?.hasFailed = true
        } else if attempt.fold.result == nil, now >= attempt.progress.advanced(by: setting.patience) {
            works[request.id]?.attempts[work.newest]?.hasFailed = true
            works[request.id]?.suspects.formUnion(attempt.fold.awaited)
            tell(.absent(attempt.fold.plan.id, attempt.fold.awaited))
        }
    }

    // MARK: Judging

    private mutating func judgeOrders(_ request: OperationFacts.Request, at now: Instant) {
        guard let orders = works[request.id]?.orders, !orders.isEmpty else { return }
        for (author, order) in orders.sorted(by: { $0.key < $1.key }) {
            guard let work = works[request.id] else { return }
            let attempt = order.plan.attempt
            // One attempt of a number is enough; a second one is told of only if it is not the same.
            guard attempt > work.newest else {
                works[request.id]?.orders[author] = nil
                continue
            }
            switch judge(order.plan, work, at: now) {
            case .success(let plan):
                works[request.id]?.orders[author] = nil
                vouch(plan, request, at: now)
            case .failure(.unknown(let obstacle)): stick(request.id, obstacle)
            case .failure(.tooEarly), .failure(.exclusion): break
            case .failure(let refusal):
                works[request.id]?.orders[author] = nil
                tell(.refused(request.id, attempt: attempt, author: author, refusal))
            }
        }
    }

    private mutating func judge(
        _ plan: OperationPlan,
        _ work: OverseerWork,
        at now: Instant
    ) -> Result<CheckedPlan, OrderRefusal> {
        guard plan.attempt <= Self.attemptLimit else { return .failure(.tooMany) }
        guard plan.attempt == work.newest + 1, work.attempts[work.newest]?.hasFailed ?? true else {
            return .failure(.tooEarly)
        }
        let checked: CheckedPlan
        do { checked = try CheckedPlan(plan) } catch { return .failure(.plan(error)) }
        let excluded = Set(plan.excluded.elements)
        guard excluded.isSubset(of: work.suspects), work.guilty.isSubset(of: excluded) else {
            return .failure(.exclusion)
        }
        var exit: VoluntaryExit?
        if case .exit(let task) = checked.task, let key = checked.sharing?.publicKey.bytes {
            switch standing(of: key, at: now) {
            case .validator(let index, let epoch?)?:
                // A leader whose node is a little ahead is right; one that names the future is not.
                guard task.exit.validatorIndex == index, task.exit.epoch <= epoch + 2 else {
                    return .failure(.otherPlan)
                }
                exit = task.exit
            default: return .failure(.unknown(.exitUnknown))
            }
        }
        do throws(PlanObstacle) {
            let expected = try facts.plan(
                of: plan.request,
                attempt: plan.attempt,
                excluding: excluded,
                sharing: sharing(for: plan.request),
                exit: exit,
                on: setting.network
            )
            return expected == plan ? .success(checked) : .failure(.otherPlan)
        } catch {
            return .failure(.unknown(error))
        }
    }

    /// Says to the operators that the attempt is right: f + 1 oracles that do make them begin.
    private mutating func vouch(_ plan: CheckedPlan, _ request: OperationFacts.Request, at now: Instant) {
        let number = plan.plan.attempt
        if let old = works[request.id]?.attempts[number - 1], old.fold.result == nil {
            act(.close(old.fold.plan.id))
        }
        let fold = OperationAttempt(plan, in: domains)
        works[request.id]?.attempts[number] = OverseerWork.Attempt(
            fold: fold,
            progress: now,
            awaited: fold.awaited
        )
        works[request.id]?.obstacle = nil
        places[plan.id] = (request.id, number)
        tell(.ordered(request.id, attempt: number, plan.id, operators: plan.group.ids))
        act(.open(plan.id, with: Set(plan.operators.values.map { $0.identity })))
        if let item = OperationItem(of: plan.id, .order, plan.plan.sszBytes) { act(.offer([item])) }
        foldStrays(of: plan.id, at: now)
    }

    // MARK: Ordering

    /// Where this oracle leads, orders the attempt that is due.
    private mutating func order(_ request: OperationFacts.Request, at now: Instant) {
        guard let committee, let view, let work = works[request.id] else { return }
        let newest = work.attempts[work.newest]
        guard newest?.hasFailed ?? true else { return }
        let number = work.newest + 1
        guard number <= Self.attemptLimit else {
            return fail(request, work.guilty.isEmpty ? .absent : .misbehaved, in: committee.epoch)
        }
        let excluded = work.suspects
        do throws(PlanObstacle) {
            let plan = try facts.plan(
                of: request.id,
                attempt: number,
                excluding: excluded,
                sharing: sharing(for: request.id),
                exit: try exit(for: request, at: now),
                on: setting.network
            )
            guard isLeader else { return }
            if let ordered = work.ordered, ordered.attempt == number,
                now < ordered.at.advanced(by: Self.retry)
            {
                return
            }
            works[request.id]?.ordered = (number, now)
            act(.append(.operationOrder, OrderedPlan(view: view, plan: plan).sszBytes))
        } catch .tooFewOperators {
            fail(request, .tooFewOperators, in: committee.epoch)
        } catch {
            stick(request.id, error)
        }
    }

    private mutating func exit(for request: OperationFacts.Request, at now: Instant) throws(PlanObstacle)
        -> VoluntaryExit?
    {
        guard case .exit(let leaving) = request.content, leaving.way == .signedExit else { return nil }
        switch standing(of: leaving.publicKey, at: now) {
        case .validator(let index, let epoch?)?: return VoluntaryExit(epoch: epoch, validatorIndex: index)
        default: throw .exitUnknown
        }
    }

    /// How the key that a request is about is shared, as the chain has it.
    private func sharing(for request: RequestID) -> SharedPublicKey? {
        let key: G1Bytes
        switch facts.requests[request]?.content {
        case .reshare(let reshare): key = reshare.publicKey
        case .exit(let leaving): key = leaving.publicKey
        case .keygen, nil: return nil
        }
        guard let known = sharings[key], known.transcript == facts.validators[key]?.transcript else {
            return nil
        }
        return known.sharing
    }

    private mutating func stick(_ request: RequestID, _ obstacle: PlanObstacle) {
        guard works[request]?.obstacle != obstacle else { return }
        works[request]?.obstacle = obstacle
        tell(.stuck(request, obstacle))
    }
}
