import Primitives

/// How much of operations one end of a link holds, says and bears.
///
/// Both ends must have the same: who keeps to them is never at fault with the other.
package struct OperationLimits: Hashable, Sendable {
    /// The most operations under way.
    package var operations = 16
    /// The most items of an operation that one end offers.
    package var itemsPerOperation = 256
    /// The most bytes of items that are held to be offered, of all operations.
    package var heldBytes = 64 * 1_048_576
    /// The most items asked of one link and awaited.
    package var openWants = 8
    /// The most of these and of those that it has not brought in time.
    package var unansweredWants = 32
    /// How long a link may take to bring an item until another is asked.
    package var patience = Duration.seconds(2)
    /// How long an item that was late counts as unanswered.
    package var memoryOfLate = Duration.seconds(60)
    /// The time between two messages, other than items, that a link sends; and how many may be sent at once.
    package var sending = TokenBucket(interval: .milliseconds(20), burst: 128)
    /// The same as received: twice the pace, and what a link can have held back for half a minute.
    package var receiving = TokenBucket(interval: .milliseconds(10), burst: 2_048)
    /// The pace at which a link may have the offers of an operation repeated.
    package var repeating = TokenBucket(interval: .seconds(10), burst: 64)
    /// The bytes of items sent to one link.
    package var servingLink = TokenBucket(interval: .seconds(1) / 524_288, burst: 262_144)
    /// The bytes of items sent to all links.
    package var serving = TokenBucket(interval: .seconds(1) / 4_194_304, burst: 1_048_576)

    /// The limits of all programs.
    package init() {}
}
