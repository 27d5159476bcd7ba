package import Primitives

/// Follows the chain's head by parent hashes, from one known block on.
///
/// ```
///            head is tip's child, or known                 branch joins the ring
/// following ----------------------------> following <---------------------------- walking
///     |                                                                          ^  |  ^
///     | head's parent is not the tip                                             |  |  | ring's block is canonical
///     +--------------------------------------------------------------------------+  |  |
///                                                 branch long, ring still below     |  |
///                                                                                   v  |
///                                                                                 locating
/// ```
///
/// Events are keyed by block hash throughout: the same number may name other blocks tomorrow. The order of
/// actions is the order of the chain: what was undone comes before what replaces it.
///
/// A header that does not come in time, or a branch that is given up by the chain while it is walked, drops the
/// walk; the next head begins another. Nothing has been undone by then.
package struct HeadFollower: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// An endpoint has shown its head.
        case headSeen(BlockHeader)
        /// The header that was fetched; `nil` when nobody knows it.
        case fetched(Digest, BlockHeader?)
        /// The canonical header of the number that was to be located; `nil` when nobody has it.
        case located(UInt64, BlockHeader?)
        /// The newest block that can no longer be undone.
        case finalizedSeen(BlockHeader)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Ask for the header of this hash.
        case fetch(Digest)
        /// Ask for the canonical header of this number.
        case locate(UInt64)
        /// Take back what this block has told: it is no longer canonical.
        case undo(BlockReference)
        /// Read what these blocks tell by their numbers: they lie deep, and were passed over in one step.
        case passOver(ClosedRange<UInt64>)
        /// Read what this block tells: it is the new tip.
        case apply(BlockHeader)
        /// This block can no longer be undone.
        case finalize(BlockReference)
        /// The chain has left the oldest block that is known: what was taken for sure is not.
        case lose(BlockReference)
        /// An endpoint calls a block final that is not canonical.
        case contradict(BlockReference)
    }

    private enum State: Hashable {
        case following
        /// Collecting the branch of a head, newest first, until it joins the ring.
        case walking(branch: [BlockHeader])
        /// Looking for the newest block of the ring that is canonical, below a branch too long to walk.
        case locating(branch: [BlockHeader], candidate: UInt64)
    }

    /// The newest canonical blocks that were applied.
    package private(set) var ring: HeaderRing
    /// The newest block that is known to be final.
    package private(set) var finalized: BlockReference?
    private var state = State.following
    private let walkLimit: Int

    /// Follows from a block that is taken as canonical.
    ///
    /// - Parameters:
    ///   - start: where to go on; what it and the blocks before it tell is known already.
    ///   - capacity: how many headers are kept, and so how deep a reorganisation may be.
    ///   - walkLimit: how many headers are fetched one by one before the rest is passed over.
    package init(from start: ChainLink, capacity: Int = 256, walkLimit: Int = 128) {
        ring = HeaderRing(start, capacity: capacity)
        self.walkLimit = walkLimit
    }

    /// Whether a header is being waited for.
    package var isWalking: Bool { state != .following }

    package var nextDeadline: Instant? { nil }

    package mutating func expired(at now: Instant) -> [Action] { [] }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch (event, state) {
        case (.headSeen(let head), .following):
            return seen(head)
        case (.headSeen, _):
            return []
        case (.fetched(let hash, let header), .walking(let branch)):
            guard let bottom = branch.last, bottom.parentHash == hash else { return [] }
            guard let header else {
                state = .following
                return []
            }
            return walk(branch + [header])
        case (.located(let number, let header), .locating(let branch, let candidate))
        where number == candidate:
            return located(number, header, under: branch)
        case (.fetched, _), (.located, _):
            return []
        case (.finalizedSeen(let header), _):
            return finalized(header)
        }
    }

    /// Ends a walk whose header did not come.
    package mutating func giveUp() {
        state = .following
    }

    private mutating func seen(_ head: BlockHeader) -> [Action] {
        // An endpoint behind shows a block we have, or one that has fallen out; that is no reason to go back.
        guard !ring.contains(head.reference), head.number >= ring.oldest.number else { return [] }
        return walk([head])
    }

    private mutating func walk(_ branch: [BlockHeader]) -> [Action] {
        guard let bottom = branch.last else { return [] }
        if let below = bottom.number.checkedPredecessor, ring[below]?.hash == bottom.parentHash {
            return join(branch, at: below)
        }
        guard bottom.number > ring.oldest.number else { return restart(branch) }
        guard branch.count < walkLimit || bottom.number <= ring.tip.number + 1 else {
            state = .locating(branch: branch, candidate: ring.tip.number)
            return [.locate(ring.tip.number)]
        }
        state = .walking(branch: branch)
        return [.fetch(bottom.parentHash)]
    }

    private mutating func located(
        _ number: UInt64,
        _ header: BlockHeader?,
        under branch: [BlockHeader]
    ) -> [Action] {
        guard let header, let bottom = branch.last else {
            state = .following
            return []
        }
        guard ring[number]?.hash == header.hash else {
            guard number > ring.oldest.number else { return restart(branch) }
            // Twice as far below the tip each time: few questions, and no more is undone than twice what must be.
            let depth = max(1, (ring.tip.number - number) * 2)
            let candidate = max(ring.oldest.number, ring.tip.number - min(depth, ring.tip.number))
            state = .locating(branch: branch, candidate: candidate)
            return [.locate(candidate)]
        }
        var actions = ring.removeAll(above: number).map { Action.undo($0.block) }
        if number + 1 < bottom.number { actions.append(.passOver(number + 1...bottom.number - 1)) }
        ring = HeaderRing(ChainLink(bottom), capacity: ring.capacity)
        actions.append(.apply(bottom))
        return actions + climb(branch.dropLast())
    }

    /// The branch joins the ring at a number: what stood above is undone, the branch applied.
    private mutating func join(_ branch: [BlockHeader], at number: UInt64) -> [Action] {
        ring.removeAll(above: number).map { Action.undo($0.block) } + climb(branch[...])
    }

    /// The branch does not join what is known: everything is undone, and the branch is all there is.
    private mutating func restart(_ branch: [BlockHeader]) -> [Action] {
        guard let bottom = branch.last else { return [] }
        let lost = ring.oldest.block
        var actions = ring.removeAll(above: lost.number).map { Action.undo($0.block) }
        actions += [.undo(lost), .lose(lost)]
        ring = HeaderRing(ChainLink(bottom), capacity: ring.capacity)
        if finalized.map({ $0.number >= bottom.number }) == true { finalized = nil }
        actions.append(.apply(bottom))
        return actions + climb(branch.dropLast())
    }

    private mutating func climb(_ branch: ArraySlice<BlockHeader>) -> [Action] {
        state = .following
        return branch.reversed().map { header in
            ring.append(ChainLink(header))
            return .apply(header)
        }
    }

    private mutating func finalized(_ header: BlockHeader) -> [Action] {
        let block = header.reference
        // What lies above the tip is looked at when the tip is there.
        guard block.number <= ring.tip.number, block.number > finalized?.number ?? 0 else { return [] }
        if let known = ring[block.number], known.hash != block.hash { return [.contradict(block)] }
        finalized = block
        return [.finalize(block)]
    }
}

extension UInt64 {
    /// The number before, or `nil` for zero.
    var checkedPredecessor: UInt64? { self == 0 ? nil : self - 1 }
}
