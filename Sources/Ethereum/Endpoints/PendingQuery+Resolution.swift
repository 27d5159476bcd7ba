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

    /// The answer, as soon as one counts.
    func resolution(agreement: Int, _ lagTolerance: UInt64) -> QueryResolution? {
        switch route {
        case .any, .avoiding:
            return answers.last.flatMap { isWanting($0.outcomes) ? nil : .answered($0) }
        case .atLeast(let floor):
            guard let answer = answers.last, let head = answer.head, !isWanting(answer.outcomes) else {
                return nil
            }
            return head.number + lagTolerance >= floor ? .answered(answer) : nil
        case .agreed, .agreedAtLeast:
            guard let answer = mostAgreed(lagTolerance), greatestAgreement(lagTolerance) >= agreement else {
                return nil
            }
            return .answered(answer)
        case .everywhere:
            return outstanding == 0 && !spread.isEmpty ? .spread(spread) : nil
        }
    }

    /// The best there is when nobody is left to be asked.
    func lastResort(_ lagTolerance: UInt64) -> QueryResolution {
        switch route {
        case .any, .avoiding:
            if let answer = answers.last { return .answered(answer) }
        case .atLeast(let floor):
            // Where all are behind the least so speaks, but nobody may conclude from what it does not know.
            if var answer = answers.max(by: { ($0.head?.number ?? 0) < ($1.head?.number ?? 0) }) {
                answer.isCurrent = (answer.head?.number ?? 0) + lagTolerance >= floor
                return .answered(answer)
            }
        case .agreed, .agreedAtLeast:
            if Set(known(lagTolerance).map(\.outcomes)).count > 1 { return .disagreement }
        case .everywhere: break
        }
        return lastFault.map { .failed($0) } ?? .noEndpoint
    }

    /// How many endpoints gave the answer that most gave, not counting those that do not know.
    func greatestAgreement(_ lagTolerance: UInt64) -> Int {
        let known = known(lagTolerance)
        return known.map { answer in known.count { $0.outcomes == answer.outcomes } }.max() ?? 0
    }

    private func mostAgreed(_ lagTolerance: UInt64) -> QueryAnswer? {
        let known = known(lagTolerance)
        return known.max { left, right in
            known.count { $0.outcomes == left.outcomes } < known.count { $0.outcomes == right.outcomes }
        }
    }

    /// The answers of those that know, and have come as far as they must.
    private func known(_ lagTolerance: UInt64) -> [QueryAnswer] {
        answers.filter { answer in
            guard !isWanting(answer.outcomes) else { return false }
            guard let floor else { return true }
            return (answer.head?.number).map { $0 + lagTolerance >= floor } ?? false
        }
    }
}
