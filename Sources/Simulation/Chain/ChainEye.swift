import Consensus
import Peer
import Primitives

/// What one member sees of the chain through its endpoints: perhaps late, perhaps nothing.
struct ChainEye {
    /// How many blocks a record must have on top, its own included, to count as confirmed.
    static let confirmations = 3
    /// How many make it final.
    static let finality = 12

    /// The blocks seen, oldest first, those that are final left out but for one.
    private var seen: [SimulatedChain.Block] = []
    /// How many blocks behind the endpoint is.
    var lag = 0
    /// Whether no endpoint answers.
    var isBlind = false

    /// Whether the member has been told of the chain.
    var isOpen: Bool { !seen.isEmpty }

    /// The contract as the member sees it.
    var state: ContractModel { seen.last?.state ?? ContractModel() }

    /// What a process that starts finds; `nil` while no endpoint answers.
    mutating func open(_ chain: SimulatedChain) -> [ChainFact]? {
        guard !isBlind else { return nil }
        let visible = chain.blocks.dropLast(lag)
        guard let head = visible.last else { return nil }
        let window = visible.suffix(Self.finality + 1)
        seen = Array(window)
        var facts: [ChainFact] = [.head(head.number)]
        for block in visible where !block.records.isEmpty {
            let depth = Int(head.number - block.number) + 1
            // Of elections only the newest is told, as the contract's state shows it; and what is not yet deep.
            for record in block.records {
                if case .election(let election) = record, election.view != head.state.view,
                    depth > Self.finality
                {
                    continue
                }
                facts.append(record.fact(.included))
                if depth >= Self.confirmations { facts.append(record.fact(.confirmed)) }
                if depth >= Self.finality { facts.append(record.fact(.final)) }
            }
        }
        facts.append(.beginning(head.state.view, head.state.proof))
        return facts
    }

    /// What has changed since the last look.
    mutating func look(_ chain: SimulatedChain) -> [ChainFact] {
        guard isOpen, !isBlind else { return [] }
        let count = max(1, chain.blocks.count - lag)
        var facts: [ChainFact] = []
        // Back to the last block that both have.
        while let last = seen.last {
            let place = Int(last.number)
            if place < chain.blocks.count, chain.blocks[place].id == last.id { break }
            for record in last.records.reversed() { facts.append(record.fact(.gone)) }
            seen.removeLast()
        }
        guard let base = seen.last else {
            // All that was seen is gone: a reorganisation deeper than finality. The chain never does that here.
            return facts
        }
        let next = Int(base.number) + 1
        guard next < count else { return facts }
        for place in next..<count { facts += take(chain.blocks[place]) }
        return facts
    }

    private mutating func take(_ block: SimulatedChain.Block) -> [ChainFact] {
        seen.append(block)
        var facts: [ChainFact] = [.head(block.number)]
        if let view = block.records.compactMap(\.view).max() { facts.append(.contractView(view)) }
        facts += block.records.map { $0.fact(.included) }
        facts += records(at: Self.confirmations).map { $0.fact(.confirmed) }
        facts += records(at: Self.finality).map { $0.fact(.final) }
        if seen.count > Self.finality + 1 { seen.removeFirst() }
        return facts
    }

    private func records(at depth: Int) -> [SimulatedChain.Record] {
        seen.count >= depth ? seen[seen.count - depth].records : []
    }
}

extension SimulatedChain.Record {
    /// The view elected.
    var view: View? {
        if case .election(let record) = self { record.view } else { nil }
    }
}
