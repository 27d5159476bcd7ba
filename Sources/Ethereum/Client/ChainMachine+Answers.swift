internal import Cryptography
internal import Primitives

// Answers on their way to who asked.
extension ChainMachine {
    mutating func resolved(_ purpose: QueryPurpose, _ resolution: QueryResolution, at now: Instant)
        -> [Action]
    {
        let answer: QueryAnswer?
        if case .answered(let given) = resolution { answer = given } else { answer = nil }
        switch purpose {
        case .beginning:
            isAsking = false
            return answer.map { begin($0, at: now) } ?? []
        case .beginningState(let block):
            return beginningState(block, resolution, at: now)
        case .beginningMembers(let block, let state):
            isAsking = false
            return answer.map { beginningMembers(block, state, $0, at: now) } ?? []
        case .poll:
            guard case .disagreement = resolution else { return polled(answer, at: now) }
            return askCommonHead(of: configuration.endpoints.agreement, at: now)
        case .commonHead(let count):
            // Who lies about its head may be one of the many that have come so far.
            guard case .disagreement = resolution else { return polled(answer, at: now) }
            return askCommonHead(of: count + 1, at: now)
        case .finality:
            guard let (endpoint, header) = agreedFinality(resolution) else { return [] }
            return follow(.finalizedSeen(header), from: endpoint, at: now)
        case .parent(let hash):
            return follow(.fetched(hash, header(of: answer)), from: answer?.endpoint ?? 0, at: now)
        case .position(let number):
            return follow(.located(number, header(of: answer)), from: answer?.endpoint ?? 0, at: now)
        case .logs(let number):
            return logs(number, answer, at: now)
        case .operations(let number):
            return operations(number, resolution, at: now)
        case .state(let block):
            return state(block, resolution, at: now)
        case .fees:
            if case .success(.fees(let history))? = answer?.outcomes.first { fees = history }
            return observeAccount(at: now)
        case .account(let header, let hashes):
            return account(header, hashes, answer, at: now)
        case .check(let id, let block):
            let check = answer.flatMap { self.check(block, $0) }
            return perform(submitter.handle(.checked(id, check), at: now), at: now)
        case .send(let id):
            return perform(outbox.handle(.answered(id, Self.receptions(resolution)), at: now), at: now)
        }
    }

    private mutating func askCommonHead(of count: Int, at now: Instant) -> [Action] {
        guard let number = pool.height(reachedBy: count) else { return polled(nil, at: now) }
        return ask(.commonHead(endpoints: count), [.header(.number(number))], .agreed, at: now)
    }

    private mutating func polled(_ answer: QueryAnswer?, at now: Instant) -> [Action] {
        isAsking = false
        guard let answer, let head = answer.head ?? header(of: answer) else { return [] }
        guard hasBegun else {
            tip = head
            return readBeginningState(at: now)
        }
        var actions = follow(.headSeen(head), from: answer.endpoint, at: now)
        if mustReadState { actions += readBeginningState(at: now) }
        // Where too few had the tip when the account was looked at, they may have it now.
        if mustObserve, !isObserving {
            mustObserve = false
            actions += observe(at: now)
        }
        return actions
    }

    private func header(of answer: QueryAnswer?) -> BlockHeader? {
        guard case .success(.header(let header))? = answer?.outcomes.first else { return nil }
        return header
    }

    /// The highest block that as many endpoints call final, or a later one, as must agree: what fewer say that lie makes
    /// nothing final too early, nor holds it back.
    private func agreedFinality(_ resolution: QueryResolution) -> (endpoint: Int, header: BlockHeader)? {
        guard case .spread(let spread) = resolution else { return nil }
        let shown = spread.compactMap { endpoint, result -> (endpoint: Int, header: BlockHeader)? in
            guard case .success(let outcomes) = result, case .success(.header(let header?))? = outcomes.first
            else { return nil }
            return (endpoint, header)
        }
        let agreement = configuration.endpoints.agreement
        guard shown.count >= agreement else { return nil }
        let sorted = shown.sorted { left, right in
            (left.header.number, right.endpoint) > (right.header.number, left.endpoint)
        }
        return sorted[agreement - 1]
    }

    private mutating func logs(_ number: UInt64, _ answer: QueryAnswer?, at now: Instant) -> [Action] {
        guard let answer, case .success(.logs(let logs))? = answer.outcomes.first else {
            let isRefused = if case .failure? = answer?.outcomes.first { true } else { false }
            return perform(collector.handle(.failed(number, isRefused: isRefused), at: now), at: now)
        }
        do {
            let records = try judge.records(of: logs, knowing: tracker.keys)
            // What several say need not be doubted.
            let single = configuration.endpoints.agreement == 1 ? answer.endpoint : nil
            return perform(collector.handle(.read(number, records, from: single), at: now), at: now)
        } catch {
            // Whoever makes up a log is not asked again for a while; another is.
            let caught = pool.handle(.caught(answer.endpoint, error.description), at: now)
            return perform(caught, at: now)
                + perform(collector.handle(.failed(number, isRefused: false), at: now), at: now)
        }
    }

    private mutating func state(_ block: BlockReference, _ resolution: QueryResolution, at now: Instant)
        -> [Action]
    {
        if case .answered(let answer) = resolution, let state = Self.registryState(answer.outcomes[...]) {
            return perform(tracker.handle(.stateRead(block, state), at: now), at: now)
        }
        let failed = perform(tracker.handle(.stateFailed(block), at: now), at: now)
        guard case .disagreement = resolution else { return failed }
        return [.publish(.alarm(.disagreement("the contract's state after block \(block)")))] + failed
    }

    static func registryState(_ outcomes: ArraySlice<RPCOutcome>) -> RegistryState? {
        var results: [[UInt8]] = []
        for outcome in outcomes {
            guard case .success(.data(let data)) = outcome else { return nil }
            results.append(data)
        }
        return try? RegistryState(results: results)
    }

    private func check(_ block: BlockReference, _ answer: QueryAnswer) -> SubmissionCheck? {
        let views = answer.outcomes.dropFirst().prefix(RegistryView.allCases.count)
        guard let first = answer.outcomes.first, let state = Self.registryState(views) else { return nil }
        var check = SubmissionCheck(block: block, revert: nil, state: state)
        // Of a report, the state of its request comes last.
        if let last = answer.outcomes.dropFirst(1 + views.count).first {
            guard case .success(.data(let result)) = last, let request = try? RequestStanding(result: result)
            else {
                return nil
            }
            check.request = request
        }
        switch first {
        case .success: return check
        case .failure(let refusal):
            guard refusal.isRevert else { return nil }
            check.revert = refusal.data.map { RegistryRevert(data: $0) } ?? .other(refusal.message)
            return check
        }
    }

    private mutating func account(
        _ header: BlockHeader,
        _ hashes: [Digest],
        _ answer: QueryAnswer?,
        at now: Instant
    ) -> [Action] {
        isObserving = false
        guard let answer, let observation = observation(header, hashes, answer) else {
            // Once more with the next poll.
            mustObserve = true
            return []
        }
        var actions: [Action] = []
        balance = observation.balance
        if observation.balance >= configuration.lowBalance {
            isLow = false
        } else if !isLow {
            isLow = true
            actions.append(.publish(.alarm(.lowBalance(observation.balance))))
        }
        actions += perform(outbox.handle(.observed(observation), at: now), at: now)
        if mustObserve {
            mustObserve = false
            actions += observe(at: now)
        }
        return actions
    }

    private func observation(_ header: BlockHeader, _ hashes: [Digest], _ answer: QueryAnswer)
        -> AccountObservation?
    {
        guard answer.outcomes.count == hashes.count + 2,
            case .success(.number(let nonce)) = answer.outcomes[0],
            case .success(.amount(let balance)) = answer.outcomes[1],
            let ring = follower?.ring, ring.contains(header.reference)
        else { return nil }
        var receipts: [Digest: Receipt] = [:]
        for (hash, outcome) in zip(hashes, answer.outcomes.dropFirst(2)) {
            guard case .success(.receipt(let receipt)) = outcome else { return nil }
            // A block that is not followed yet, or no more, proves no inclusion.
            guard let receipt, receipt.block.number < ring.oldest.number || ring.contains(receipt.block)
            else {
                continue
            }
            receipts[hash] = receipt
        }
        return AccountObservation(
            header: header,
            nonce: nonce,
            balance: balance,
            fees: fees,
            receipts: receipts,
            isCurrent: answer.isCurrent
        )
    }

    /// What the nodes that could be asked said of a transaction: `nil` for "accepted".
    private static func receptions(_ resolution: QueryResolution) -> [RPCRefusal?] {
        guard case .spread(let spread) = resolution else { return [] }
        return spread.sorted { $0.key < $1.key }.compactMap { _, result -> RPCRefusal?? in
            guard case .success(let outcomes) = result, let outcome = outcomes.first else { return nil }
            if case .failure(let refusal) = outcome { return .some(refusal) }
            return .some(nil)
        }
    }
}
