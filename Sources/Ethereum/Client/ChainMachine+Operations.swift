internal import Primitives

// What is on record of validators' keys.
extension ChainMachine {
    mutating func perform(_ actions: [OperationsReader.Action], at now: Instant) -> [Action] {
        actions.flatMap { action -> [Action] in
            switch action {
            case .ask(let number, let range):
                guard let contract = configuration.operations?.contract else { return [] }
                let filter = LogFilter(.range(range), address: contract, topics: OperationsEvent.topics)
                // The header tells which block was the last that was looked into.
                let queries: [RPCQuery] = [.logs(filter), .header(.number(range.upperBound))]
                // Some logs prove themselves, but nothing proves that there is no other.
                return ask(.operations(number), queries, .agreedAtLeast(range.upperBound), at: now)
            case .deliver(let records, let last):
                return [.publish(.operations(records, through: last))]
            }
        }
    }

    mutating func operations(_ number: UInt64, _ resolution: QueryResolution, at now: Instant) -> [Action] {
        guard case .answered(let answer) = resolution, answer.outcomes.count == 2,
            case .success(.logs(let logs)) = answer.outcomes[0],
            case .success(.header(let header?)) = answer.outcomes[1]
        else { return failed(number, resolution, at: now) }
        let last = header.reference
        do throws(ForgedLog) {
            guard isPlaced(last) else {
                throw ForgedLog(reason: "block \(last) is not the final one of its number")
            }
            let records = try operationsJudge?.records(of: logs, through: last, knowing: tracker.keys) ?? []
            return perform(reader?.handle(.read(number, records, through: last), at: now) ?? [], at: now)
        } catch {
            let caught = pool.handle(.caught(answer.endpoint, error.description), at: now)
            return perform(caught, at: now)
                + perform(reader?.handle(.failed(number, isRefused: false), at: now) ?? [], at: now)
        }
    }

    /// Whether a block is on the chain that is followed, as far as its blocks are still known.
    private func isPlaced(_ block: BlockReference) -> Bool {
        if let target = reader?.target, target.number == block.number { return target == block }
        return follower?.ring[block.number].map { $0.hash == block.hash } ?? true
    }

    private mutating func failed(_ number: UInt64, _ resolution: QueryResolution, at now: Instant) -> [Action]
    {
        var (isRefused, actions): (Bool, [Action]) = (false, [])
        switch resolution {
        case .answered(let answer): if case .failure? = answer.outcomes.first { isRefused = true }
        case .disagreement:
            // Of many blocks they may only refuse in words of their own.
            guard let range = reader?.range, range.count == 1 else { break }
            let what = "what block \(range.lowerBound) has on record of validators' keys"
            actions = [.publish(.alarm(.disagreement(what)))]
        case .spread, .noEndpoint, .failed: break
        }
        return actions
            + perform(reader?.handle(.failed(number, isRefused: isRefused), at: now) ?? [], at: now)
    }
}
