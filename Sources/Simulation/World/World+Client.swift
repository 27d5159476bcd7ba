import Consensus
import Cryptography
import Ethereum
import Peer
import Primitives

/// Chain clients: what they order, what endpoints answer, and what members hear of it.
///
/// The machine and the reading of its events are the product's; requests, disk, keys and clocks are played.
extension World {
    // MARK: The process's side

    /// Starts a process's chain client; answers `false` in a world without.
    func startClient(of node: SimulatedNode) -> Bool {
        guard case .client(let access) = scenario.chain, let secrets = node.keys.secrets else { return false }
        let configuration = ChainConfiguration(
            deployment,
            account: secrets.account.address,
            access,
            poll: .milliseconds(500 + Int64(random.below(3_500)))
        )
        let memory = node.disk.contents.chain
        let machine = ChainMachine(
            configuration,
            cursor: memory.cursor,
            restoring: memory.records,
            seed: random.next()
        )
        node.client = ChainClient(
            machine: machine,
            interpreter: ChainInterpreter(
                identity: node.keys.identity,
                deployment: deployment,
                confirmations: configuration.confirmations,
                remembered: node.disk.contents.epoch
            )
        )
        setClientAlarm(of: node)
        return true
    }

    func wakeClient(_ index: Int, _ life: Int) {
        let node = nodes[index]
        guard node.life == life, node.client?.wake == now else { return }
        if node.pausedUntil > now {
            node.client?.wake = node.pausedUntil
            return queue.add(.wakeClient(node: index, life: life), at: node.pausedUntil)
        }
        node.client?.wake = nil
        let actions = node.client?.machine.expired(at: node.clock.read(at: now)) ?? []
        carryOut(actions, of: node)
    }

    func feedClient(of node: SimulatedNode, _ event: ChainMachine.Event) {
        let actions = node.client?.machine.handle(event, at: node.clock.read(at: now)) ?? []
        carryOut(actions, of: node)
    }

    private func carryOut(_ actions: [ChainMachine.Action], of node: SimulatedNode) {
        var waiting = actions[...]
        while let action = waiting.popFirst() {
            switch action {
            case .call(let number, let endpoint, let batch, let time):
                ask(
                    ChainRequest(
                        number: number,
                        endpoint: endpoint,
                        batch: batch,
                        deadline: now + Span(nanoseconds: time.nanosecondsRoundedUp)
                    ),
                    by: node
                )
            case .sign(let id, let transaction):
                guard let secrets = node.keys.secrets else { continue }
                invariants.signs(transaction, node.member, at: now)
                let signature = secrets.account.sign(transaction.digest)
                let event = ChainMachine.Event.signed(id, SignedTransaction(transaction, signature))
                waiting += node.client?.machine.handle(event, at: node.clock.read(at: now)) ?? []
            case .persist(let record, let ticket): submit(.chain(.put(record), ticket: ticket), to: node)
            case .forget(let id): submit(.chain(.forget(id), ticket: nil), to: node)
            case .save(let cursor): submit(.chain(.save(cursor), ticket: nil), to: node)
            case .publish(let event): publish(event, by: node)
            }
        }
        setClientAlarm(of: node)
    }

    private func setClientAlarm(of node: SimulatedNode) {
        guard let deadline = node.client?.machine.nextDeadline else { return }
        let due = max(node.clock.moment(of: deadline), now)
        guard node.client?.wake != due else { return }
        node.client?.wake = due
        queue.add(.wakeClient(node: node.offset, life: node.life), at: due)
    }

    private func publish(_ event: ChainEvent, by node: SimulatedNode) {
        if case .alarm(let alarm) = event { trace.note(now, node.member, "\(alarm)") }
        if case .submission(.registry(let call), let outcome) = event {
            trace.note(now, node.member, "\(call.statementKey): \(outcome)")
            invariants.tells(outcome, node.member, ledger, at: now)
        }
        later(.microseconds(20), .toldByClient(node: node.offset, life: node.life, event))
    }

    /// The member's machine hears what its chain client tells.
    func hear(_ event: ChainEvent, at node: SimulatedNode) {
        let life = node.life
        for conclusion in node.client?.interpreter.conclusions(from: event) ?? [] {
            guard node.life == life else { return }
            switch conclusion {
            case .tell(let fact):
                invariants.learns(fact, node.member, ledger, at: now)
                feed(node, .chain(fact))
            case .enter(let named, _, let hash):
                guard named.configDigest == committee.configDigest else {
                    invariants.fail(.believesNoLie, "member \(node.member) enters a made-up epoch", at: now)
                    continue
                }
                node.client?.interpreter.entered(named)
                node.isInEpoch = true
                feed(node, .epochBegan(node.disk.contents.beginning(of: named, membersHash: hash)))
            case .remember(let epoch): submit(.epoch(epoch), to: node)
            case .recall(let epoch): trace.note(now, node.member, "recalls epoch \(epoch.epoch)")
            case .recallEnded(let epoch): trace.note(now, node.member, "finds epoch \(epoch) on the chain")
            case .recalledWrongly:
                invariants.fail(.believesNoLie, "member \(node.member) has remembered a lie", at: now)
            case .unworkable, .stranger:
                invariants.fail(.believesNoLie, "member \(node.member) is told it is no member", at: now)
            }
        }
    }

    /// Hands a member's statement to its chain client.
    func bring(_ submission: Submission, by node: SimulatedNode) {
        guard let call = RegistryCall(submission) else {
            let refused = PeerMachine.Event.chain(.refused(submission.key))
            return later(.microseconds(10), .feed(node: node.offset, life: node.life, refused))
        }
        later(
            .microseconds(10),
            .wantedOfClient(node: node.offset, life: node.life, .wanted(.registry(call)))
        )
    }

    /// A member does not want a statement on the chain any more.
    func withdraw(_ key: ChainStatement.Key, by node: SimulatedNode) {
        for id in node.client?.machine.status.calls(for: key) ?? [] {
            later(.microseconds(10), .wantedOfClient(node: node.offset, life: node.life, .unwanted(id)))
        }
    }

    // MARK: The endpoints' side

    private func ask(_ request: ChainRequest, by node: SimulatedNode) {
        for case .send(let raw, let hash) in request.batch.queries {
            invariants.sends(hash, node.member, node.disk.contents.chain, at: now)
            trace.mix(UInt64(raw.count))
        }
        let way = random.span(.milliseconds(2)...Span.milliseconds(60))
        later(way, .asked(node: node.offset, life: node.life, request))
    }

    /// An endpoint is asked, whatever has become of who asked.
    func answer(_ request: ChainRequest, of node: SimulatedNode, _ life: Int) {
        guard var ledger else { return }
        let reply = node.endpoints[request.endpoint].reply(to: request.batch, &ledger, at: now, &random)
        self.ledger = ledger
        var result: Result<[RPCOutcome], RPCFault>
        var due = now + random.span(.milliseconds(2)...Span.milliseconds(60))
        // Now and then a reply is lost, or so late that it might as well be.
        let isLost = random.permille(network.loss / 4)
        switch reply {
        case .body(let bytes) where !isLost:
            do throws(RPCFault) { result = .success(try request.batch.outcomes(of: bytes)) } catch {
                result = .failure(error)
            }
        case .fault(let fault) where !isLost: result = .failure(fault)
        case .body, .fault, .nothing:
            result = .failure(.timeout(.seconds(5)))
            due = max(request.deadline, due)
        }
        queue.add(.answered(node: node.offset, life: life, number: request.number, result), at: due)
    }

    // MARK: Faults

    func reorganise(_ depth: Int, _ keeping: Int) {
        ledger?.reorganise(depth: depth, keeping: keeping, at: now, &random)
    }

    /// One endpoint of a member behaves otherwise; fewer than must agree lie at a time.
    func turn(_ place: Int, of node: SimulatedNode, _ mood: EndpointMood) {
        guard case .client(let access) = scenario.chain, let ledger, node.endpoints.indices.contains(place)
        else { return }
        var liars = node.endpoints.indices.filter { $0 != place && node.endpoints[$0].mood.isLie }
        while mood.isLie, liars.count + 1 >= max(2, access.agreement), let reformed = liars.popLast() {
            node.endpoints[reformed].turn(.sound, ledger, &random)
        }
        node.endpoints[place].turn(mood, ledger, &random)
    }

    /// Somebody who has the member's key, the operator perhaps, spends a little from its account.
    func spendAsStranger(_ node: SimulatedNode) {
        guard let secrets = node.keys.secrets, let head = ledger?.head else { return }
        let account = secrets.account.address
        let transaction = Transaction(
            chainId: deployment.chainId,
            nonce: head.accounts[account]?.nonce ?? 0,
            maxPriorityFee: 1_000_000_000,
            maxFee: 100_000_000_000,
            gasLimit: 21_000,
            to: deployment.registry,
            data: []
        )
        let signed = SignedTransaction(transaction, secrets.account.sign(transaction.digest))
        if ledger?.receive(signed.raw, ready: now) == nil { trace.note(now, node.member, "is spent from") }
    }

    /// All endpoints are sound and blocks empty.
    func calmLedger() {
        guard let ledger else { return }
        self.ledger?.stuckUntil = now
        self.ledger?.crowdedBlocks = 0
        for node in nodes {
            for place in node.endpoints.indices { node.endpoints[place].turn(.sound, ledger, &random) }
        }
    }

    /// Whether the chain shows the election of a view, or a later one, to all who live.
    func isAnchored(_ view: View, for living: [SimulatedNode]) -> Bool {
        guard let ledger else { return true }
        return ledger.head.registry.model.view >= view
            && living.allSatisfy { ($0.player?.snapshot()?.anchoredView ?? View(0)) >= view }
    }
}
