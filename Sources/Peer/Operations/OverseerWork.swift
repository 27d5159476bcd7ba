import Cryptography
import KeyOperations
import Primitives

/// What an overseer knows of one request that is open.
struct OverseerWork: Sendable {
    /// One attempt at it.
    struct Attempt: Sendable {
        /// What was said in it.
        var fold: OperationAttempt
        /// When somebody last said something that the others waited for.
        var progress: Instant
        /// Whom it waits for, to see progress by.
        var awaited: [OperatorID]
        /// Whether it is over without success in this oracle's view.
        var hasFailed = false
        /// Whether its result was told and is reported.
        var isComplete = false
        /// What was reported of it.
        var reports: [Digest] = []
    }

    /// The attempts that this oracle holds to be right, by number.
    var attempts: [UInt64: Attempt] = [:]
    /// Who was silent in an attempt, or is guilty, in this oracle's view.
    var suspects: Set<OperatorID> = []
    /// Who is guilty.
    var guilty: Set<OperatorID> = []
    /// Orders that are not judged yet, or not right yet, one an author.
    var orders: [Identity: OrderedPlan] = [:]
    /// The attempt that this oracle has ordered last, and when.
    var ordered: (attempt: UInt64, at: Instant)?
    /// What is endorsed that belongs to no attempt.
    var reports: [Digest] = []
    /// Why there is no plan, as it was told last.
    var obstacle: PlanObstacle?

    /// The number of the newest attempt; 0 before the first.
    var newest: UInt64 { attempts.keys.max() ?? 0 }
}
