internal import Cryptography
internal import Primitives

// From the first look at the chain to following it.
extension ChainMachine {
    /// The first look is there: begin at the cursor if the chain still has it, else at the newest final block.
    mutating func begin(_ answer: QueryAnswer, at now: Instant) -> [Action] {
        guard let head = answer.head else { return [] }
        var actions: [Action] = []
        var start = ChainLink(head)
        if case .success(.header(let final?)) = answer.outcomes[0], final.number <= head.number {
            start = ChainLink(final)
        }
        if let cursor, answer.outcomes.count == 2 {
            guard case .success(.header(let known)) = answer.outcomes[1] else { return [] }
            if known?.hash == cursor.link.hash {
                start = cursor.link
            } else if head.number < cursor.link.number {
                // The endpoints are behind what this node has seen; wait for them.
                return []
            } else {
                actions.append(.publish(.alarm(.lost(cursor.link.block))))
                self.cursor = nil
            }
        }
        progress = .following(
            HeadFollower(
                from: start,
                capacity: configuration.ringCapacity,
                walkLimit: configuration.walkLimit
            )
        )
        tip = head
        return actions + readBeginningState(at: now)
    }

    /// Reads the contract's state at the tip, as many endpoints agreeing as must.
    mutating func readBeginningState(at now: Instant) -> [Action] {
        guard let tip else { return [] }
        isAsking = true
        return ask(.beginningState(tip.reference), stateQueries(at: tip.hash), .agreed, at: now)
    }

    mutating func beginningState(
        _ block: BlockReference,
        _ resolution: QueryResolution,
        at now: Instant
    ) -> [Action] {
        guard case .answered(let answer) = resolution, let state = Self.registryState(answer.outcomes[...])
        else {
            isAsking = false
            guard case .disagreement = resolution else { return [] }
            return [.publish(.alarm(.disagreement("the contract's state after block \(block)")))]
        }
        let places = Set([state.committee?.blockNumber, state.pending?.blockNumber].compactMap { $0 })
            .sorted()
        guard !places.isEmpty else {
            isAsking = false
            return begun(RegistrySnapshot(block: block, state: state), at: now)
        }
        let queries = places.map { number in
            RPCQuery.logs(
                LogFilter(
                    .range(number...number),
                    address: configuration.deployment.registry,
                    topics: [RegistryEvent.proposedTopic, RegistryEvent.rotatedTopic]
                )
            )
        }
        return ask(.beginningMembers(block, state), queries, .agreedAtLeast(block.number), at: now)
    }

    mutating func beginningMembers(
        _ block: BlockReference,
        _ state: RegistryState,
        _ answer: QueryAnswer,
        at now: Instant
    ) -> [Action] {
        var snapshot = RegistrySnapshot(block: block, state: state)
        for case .success(.logs(let logs)) in answer.outcomes {
            for event in logs.compactMap({ try? RegistryEvent($0) }) {
                switch event {
                case .committeeProposed(let proposal):
                    if proposal.membersHash == state.pending?.membersHash,
                        proposal.roster.epoch == state.pending?.epoch
                    {
                        snapshot.pending = proposal.roster
                    }
                case .committeeRotated(let rotation):
                    if rotation.statement.membersHash == state.committee?.membersHash,
                        rotation.roster.epoch == state.epoch
                    {
                        snapshot.committee = rotation.roster
                    }
                case .leaderElected, .proofAnchored: break
                }
            }
        }
        // The hash in the agreed state proves the members; without them the look is repeated.
        guard (snapshot.committee == nil) == (state.committee == nil),
            (snapshot.pending == nil) == (state.pending == nil)
        else { return [] }
        return begun(snapshot, at: now)
    }

    private mutating func begun(_ snapshot: RegistrySnapshot, at now: Instant) -> [Action] {
        var actions: [Action] = [.publish(.state(snapshot))]
        actions += perform(tracker.handle(.began(snapshot.state), at: now), at: now)
        mustReadState = false
        guard !hasBegun, let tip else { return actions }
        hasBegun = true
        // Where following begins at the head itself there is nothing to walk, and yet a tip to tell.
        if follower?.ring.tip.block == tip.reference { return actions + advanced(to: tip, at: now) }
        return actions + follow(.headSeen(tip), from: 0, at: now)
    }

    /// Hands an event to the follower and draws the conclusions from a new tip.
    mutating func follow(_ event: HeadFollower.Event, from endpoint: Int, at now: Instant) -> [Action] {
        guard case .following(var follower) = progress else { return [] }
        let before = follower.ring.tip
        let orders = follower.handle(event, at: now)
        progress = .following(follower)
        var actions = perform(orders, at: now, from: endpoint)
        // Only now is the tip one that is canonical, after which calls can be checked.
        for case .undo(let block) in orders {
            actions += perform(outbox.handle(.undone(block), at: now), at: now)
            actions += perform(submitter.handle(.undone(block), at: now), at: now)
        }
        guard let tip, follower.ring.tip != before else { return actions }
        return actions + advanced(to: tip, at: now)
    }

    private mutating func advanced(to tip: BlockHeader, at now: Instant) -> [Action] {
        var actions: [Action] = [.publish(.head(tip.reference, timestamp: tip.timestamp))]
        lastAdvance = now
        if staleSince != nil {
            staleSince = nil
            actions.append(.publish(.recovered))
        }
        actions += perform(tracker.handle(.tipMoved(tip.number), at: now), at: now)
        actions += perform(submitter.handle(.tipMoved, at: now), at: now)
        if outbox.needsObservation { actions += observe(at: now) }
        return actions + askFinality(at: now)
    }

    private mutating func askFinality(at now: Instant) -> [Action] {
        guard let tip else { return [] }
        let isWaiting = tracker.hasUnsettled || !submitter.calls.isEmpty
        guard isWaiting || tip.number >= lastFinality + configuration.finalityInterval || lastFinality == 0
        else {
            return []
        }
        lastFinality = tip.number
        return ask(.finality, [.header(.finalized)], .everywhere, at: now)
    }
}

extension RegistryTracker {
    /// Whether a record that was told is not final yet.
    var hasUnsettled: Bool { !told.isEmpty }
}
