internal import Cryptography
internal import Primitives

// What the parts order, carried out by other parts or passed on.
extension ChainMachine {
    mutating func perform(_ actions: [EndpointPool.Action], at now: Instant) -> [Action] {
        actions.flatMap { action -> [Action] in
            switch action {
            case .call(let number, let endpoint, let batch, let time):
                return [.call(number, endpoint: endpoint, batch, within: time)]
            case .resolve(let ticket, let resolution):
                guard let purpose = purposes.removeValue(forKey: ticket) else { return [] }
                return resolved(purpose, resolution, at: now)
            case .report(let report):
                var actions: [Action] = [.publish(.endpoint(report))]
                // The first endpoint to be had is reason enough not to wait for the next poll.
                if case .ready = report, case .beginning = progress, !isAsking { actions += poll(at: now) }
                return actions
            }
        }
    }

    mutating func perform(_ actions: [HeadFollower.Action], at now: Instant, from endpoint: Int) -> [Action] {
        actions.flatMap { action -> [Action] in
            switch action {
            case .fetch(let hash):
                return ask(.parent(hash), [.header(.hash(hash))], .any, at: now)
            case .locate(let number):
                return ask(.position(number), [.header(.number(number))], .atLeast(number), at: now)
            case .undo(let block):
                return perform(collector.handle(.undone(block), at: now), at: now)
            case .passOver(let range):
                return perform(collector.handle(.passedOver(range), at: now), at: now)
            case .apply(let header):
                tip = header
                return perform(collector.handle(.applied(header), at: now), at: now)
            case .finalize(let block):
                var actions = perform(tracker.handle(.finalized(block), at: now), at: now)
                actions += perform(outbox.handle(.finalized(block.number), at: now), at: now)
                actions += perform(submitter.handle(.finalized(block.number), at: now), at: now)
                actions += perform(reader?.handle(.finalized(block), at: now) ?? [], at: now)
                return actions + saveCursor()
            case .lose(let block):
                mustReadState = true
                return [.publish(.alarm(.lost(block)))]
            case .contradict(let block):
                let reason = "calls block \(block) final, which is not canonical"
                return [.publish(.alarm(.contradictedFinality(block, endpoint: endpoint)))]
                    + perform(pool.handle(.caught(endpoint, reason), at: now), at: now)
            }
        }
    }

    mutating func perform(_ actions: [LogCollector.Action], at now: Instant) -> [Action] {
        actions.flatMap { action -> [Action] in
            switch action {
            case .ask(let number, let place, let avoiding):
                let filter = LogFilter(
                    place,
                    address: configuration.deployment.registry,
                    topics: RegistryEvent.topics
                )
                // Elections prove themselves, but nothing proves that there is no other: a lie may stand in their place.
                let route: QueryRoute =
                    switch place {
                    case .block: avoiding.map { .avoiding($0) } ?? .agreed
                    case .range(let range): .agreedAtLeast(range.upperBound)
                    }
                return ask(.logs(number), [.logs(filter)], route, at: now)
            case .deliver(let records, let block):
                return perform(tracker.handle(.delivered(records, upTo: block), at: now), at: now)
            case .retract(let block):
                return perform(tracker.handle(.retracted(block), at: now), at: now)
            }
        }
    }

    mutating func perform(_ actions: [RegistryTracker.Action], at now: Instant) -> [Action] {
        actions.flatMap { action -> [Action] in
            switch action {
            case .readState(let block):
                return ask(.state(block), stateQueries(at: block.hash), .agreed, at: now)
            case .tell(let record, let stage):
                var actions: [Action] = [.publish(.record(record, stage))]
                guard stage == .seen else { return actions }
                switch record.event {
                case .leaderElected(let election):
                    let event = RegistrySubmitter.Event.elected(election.statement.view)
                    actions += perform(submitter.handle(event, at: now), at: now)
                case .proofAnchored(let anchor):
                    let event = RegistrySubmitter.Event.anchored(anchor.statement.number)
                    actions += perform(submitter.handle(event, at: now), at: now)
                case .committeeProposed, .committeeRotated: break
                }
                return actions
            case .takeBack(let record): return [.publish(.takenBack(record))]
            case .pass(let record):
                // A proposal that another has replaced is passed over as a matter of course.
                if case .committeeProposed = record.event { return [] }
                return [.publish(.alarm(.unproven(record)))]
            case .conflict(let first, let second):
                return [.publish(.alarm(.doubleElection(first, second)))]
            }
        }
    }

    mutating func perform(_ actions: [RegistrySubmitter.Action], at now: Instant) -> [Action] {
        actions.flatMap { action -> [Action] in
            switch action {
            case .check(let call): return check(call, at: now)
            case .submit(let call): return perform(outbox.handle(.submitted(call), at: now), at: now)
            case .release(let id): return perform(outbox.handle(.released(id), at: now), at: now)
            case .recall(let id): return perform(outbox.handle(.recalled(id), at: now), at: now)
            case .withdraw(let id): return perform(outbox.handle(.withdrawn(id), at: now), at: now)
            case .tell(let call, let outcome): return [.publish(.submission(call, outcome))]
            }
        }
    }

    mutating func perform(_ actions: [TransactionOutbox.Action], at now: Instant) -> [Action] {
        actions.flatMap { action -> [Action] in
            switch action {
            case .persist(let record, let ticket): return [.persist(record, ticket: ticket)]
            case .forget(let id): return [.forget(id)]
            case .observe: return observe(at: now)
            case .sign(let id, let transaction): return [.sign(id, transaction)]
            case .send(let id, let transaction):
                let query = RPCQuery.send(transaction.raw, hash: transaction.hash)
                return ask(.send(id), [query], .everywhere, at: now)
            case .report(let id, let report):
                return perform(submitter.handle(.reported(id, report), at: now), at: now)
            }
        }
    }

    private mutating func check(_ call: ChainCall, at now: Instant) -> [Action] {
        guard let tip else { return perform(submitter.handle(.checked(call.id, nil), at: now), at: now) }
        var queries: [RPCQuery] = [
            .call(
                to: call.contract(registry: configuration.deployment.registry),
                from: configuration.outbox.account,
                data: call.data,
                at: tip.hash
            )
        ]
        queries += stateQueries(at: tip.hash)
        if case .report(let report) = call {
            let question = RequestStanding.question(report.request)
            queries.append(.call(to: report.contract, from: nil, data: question, at: tip.hash))
        }
        return ask(.check(call.id, tip.reference), queries, .agreed, at: now)
    }

    func stateQueries(at block: Digest) -> [RPCQuery] {
        RegistryView.allCases.map {
            .call(to: configuration.deployment.registry, from: nil, data: $0.data, at: block)
        }
    }

    /// Looks at what others pay, then at the account after the tip; once more afterwards when it is asked for meanwhile.
    mutating func observe(at now: Instant) -> [Action] {
        guard let tip else { return [] }
        guard !isObserving else {
            mustObserve = true
            return []
        }
        isObserving = true
        // The limit holds whoever lies about fees, so that one answer will do.
        return ask(.fees, [.feeHistory(10)], .atLeast(tip.number), at: now)
    }

    /// A nonce that is none makes a transaction that nobody can mine, and a receipt that is none ends a call: several
    /// must say the same.
    mutating func observeAccount(at now: Instant) -> [Action] {
        guard let tip else {
            isObserving = false
            return []
        }
        let account = configuration.outbox.account
        let hashes = outbox.watchedHashes
        let queries: [RPCQuery] =
            [.nonce(account, at: tip.hash), .balance(account, at: tip.hash)] + hashes.map { .receipt($0) }
        return ask(.account(tip, hashes), queries, .agreedAtLeast(tip.number), at: now)
    }

    /// The cursor may pass a block only when everything up to it is told.
    private mutating func saveCursor() -> [Action] {
        guard let follower, collector.isIdle, tracker.isIdle, let final = follower.finalized,
            let link = follower.ring[final.number],
            link != cursor?.link
        else { return [] }
        let saved = ChainCursor(link: link)
        cursor = saved
        return [.save(saved)]
    }
}
