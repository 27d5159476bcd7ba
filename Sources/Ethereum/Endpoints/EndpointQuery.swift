internal import Primitives

/// Which endpoints may answer a query, and what makes an answer count.
package enum QueryRoute: Hashable, Sendable {
    /// One answers, the next when it fails or does not know: for what is fixed by a hash.
    case any
    /// As ``any``, but not this one unless there is no other.
    case avoiding(Int)
    /// One that is not more than the tolerance behind this block: for what changes with the head.
    case atLeast(UInt64)
    /// As many as must agree: for what proves nothing by itself, and is fixed by a hash.
    case agreed
    /// As ``agreed``, of those that are not more than the tolerance behind this block: for what changes with the head.
    case agreedAtLeast(UInt64)
    /// All that may be asked, each for itself.
    case everywhere
}

/// Names a query until it is resolved.
package struct QueryTicket: Hashable, Sendable, Comparable {
    /// Counts from 1.
    package let number: UInt64

    /// The ticket of that number.
    package init(_ number: UInt64) {
        self.number = number
    }

    package static func < (left: QueryTicket, right: QueryTicket) -> Bool { left.number < right.number }
}

/// An answer that counts by its query's route.
package struct QueryAnswer: Hashable, Sendable {
    /// The position of the endpoint that gave it, or one of those that agreed.
    package var endpoint: Int
    /// For each query a value or a refusal.
    package var outcomes: [RPCOutcome]
    /// The endpoint's head at that moment, on the routes that ask for it.
    package var head: BlockHeader?
    /// Whether the head was high enough; if not, "there is none" means nothing.
    package var isCurrent = true
}

/// What became of a query.
package enum QueryResolution: Hashable, Sendable {
    /// An answer that counts.
    case answered(QueryAnswer)
    /// What each endpoint said, on the route ``QueryRoute/everywhere``; never empty.
    case spread([Int: Result<[RPCOutcome], RPCFault>])
    /// No endpoint may be asked now.
    case noEndpoint
    /// All endpoints failed, the last with this fault.
    case failed(RPCFault)
    /// The endpoints contradict one another.
    case disagreement
}

/// A query on its way through the endpoints.
struct PendingQuery: Sendable {
    let queries: [RPCQuery]
    let route: QueryRoute
    var tried: Set<Int> = []
    var outstanding = 0
    /// Answers that may come to count when there is no better one, in the order of arrival.
    var answers: [QueryAnswer] = []
    var spread: [Int: Result<[RPCOutcome], RPCFault>] = [:]
    var lastFault: RPCFault?

    /// The queries as sent: before what changes with the head the endpoint must tell its own.
    var batch: RPCBatch {
        floor == nil ? RPCBatch(queries) : RPCBatch([.header(.latest)] + queries)
    }

    /// The block that who answers must have come to, where the answer changes with the head.
    var floor: UInt64? {
        switch route {
        case .atLeast(let floor), .agreedAtLeast(let floor): floor
        case .any, .avoiding, .agreed, .everywhere: nil
        }
    }

    /// Whether another endpoint might know what this one does not.
    func isWanting(_ outcomes: [RPCOutcome]) -> Bool {
        zip(queries, outcomes).contains { query, outcome in
            switch (query, outcome) {
            case (.header, .success(.header(nil))): true
            case (.call, .failure(let refusal)): !refusal.isRevert
            // Too wide a range is too wide everywhere; who asked takes a smaller one.
            case (.logs(let filter), .failure): filter.isSingle
            case (_, .failure): true
            case (_, .success): false
            }
        }
    }
}

extension LogFilter {
    /// Whether it asks for one block only.
    package var isSingle: Bool {
        switch place {
        case .block: true
        case .range(let range): range.count == 1
        }
    }
}
