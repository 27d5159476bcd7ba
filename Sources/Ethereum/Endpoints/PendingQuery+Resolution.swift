internal import Primitives

extension PendingQuery {
    /// Takes an endpoint's reply to the batch.
    mutating func take(_ result: Result<[RPCOutcome], RPCFault>, from endpoint: Int) {
        outstanding -= 1
        spread[endpoint] = result
        switch result {
        case .failure(let fault): lastFault = fault
        case .success(var outcomes):
            var head: BlockHeader?
            if floor != nil {
                guard case .success(.header(let shown?)) = outcomes.removeFirst() else { return }
                head = shown
            }
            answers.append(QueryAnswer(endpoint: endpoint, outcomes: outcomes, head: head))
        }
    }

    /// What makes answers count.
    struct Terms {
        /// How many must agree on what proves nothing by itself.
        let agreement: Int
        /// How many blocks behind what was asked for an answer still counts.
        let lagTolerance: UInt64
        /// The highest block that a head may have.
        let ceiling: UInt64
    }

    /// The answer, as soon as one counts.
    func resolution(_ terms: Terms) -> QueryResolution? {
        switch route {
        case .any, .avoiding:
            return answers.last.flatMap { isWanting($0.outcomes) ? nil : .answered($0) }
        case .atLeast:
            // Who came first may only now turn out to be no liar, when another shows such a head too.
            return known(terms).last.map { .answered($0) }
        case .agreed, .agreedAtLeast:
            guard let answer = mostAgreed(terms), greatestAgreement(terms) >= terms.agreement else {
                return nil
            }
            return .answered(answer)
        case .everywhere:
            return outstanding == 0 && !spread.isEmpty ? .spread(spread) : nil
        }
    }

    /// The best there is when nobody is left to be asked.
    func lastResort(_ terms: Terms) -> QueryResolution {
        switch route {
        case .any, .avoiding:
            if let answer = answers.last { return .answered(answer) }
        case .atLeast(let floor):
            // Where all are behind the least so speaks, but nobody may conclude from what it does not know.
            let plausible = answers.filter { ($0.head?.number ?? 0) <= terms.ceiling }
            if var answer = plausible.max(by: { ($0.head?.number ?? 0) < ($1.head?.number ?? 0) }) {
                answer.isCurrent = (answer.head?.number ?? 0) + terms.lagTolerance >= floor
                return .answered(answer)
            }
        case .agreed, .agreedAtLeast:
            if Set(known(terms).map { $0.outcomes.map(\.essence) }).count > 1 { return .disagreement }
        case .everywhere: break
        }
        return lastFault.map { .failed($0) } ?? .noEndpoint
    }

    /// How many endpoints gave the answer that most gave, not counting those that do not know.
    func greatestAgreement(_ terms: Terms) -> Int {
        tallies(terms).map { $0.count }.max() ?? 0
    }

    private func mostAgreed(_ terms: Terms) -> QueryAnswer? {
        tallies(terms).max { $0.count < $1.count }?.answer
    }

    private func tallies(_ terms: Terms) -> [(answer: QueryAnswer, count: Int)] {
        let known = known(terms).map { (answer: $0, essence: $0.outcomes.map(\.essence)) }
        return known.map { one in (one.answer, known.count { $0.essence == one.essence }) }
    }

    /// The answers of those that know, and have come as far as they must and no further than they can.
    private func known(_ terms: Terms) -> [QueryAnswer] {
        answers.filter { answer in
            guard !isWanting(answer.outcomes) else { return false }
            guard let floor else { return true }
            guard let head = answer.head?.number else { return false }
            return head + terms.lagTolerance >= floor && head <= terms.ceiling
        }
    }
}

extension RPCOutcome {
    /// What honest endpoints agree on: of a revert what the contract returned, not the node's own words.
    fileprivate var essence: RPCOutcome {
        guard case .failure(let refusal) = self, refusal.isRevert, let data = refusal.data else {
            return self
        }
        return .failure(RPCRefusal(code: 3, message: "", data: data))
    }
}
