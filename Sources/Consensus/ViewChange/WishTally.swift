internal import Primitives

/// The newest wish of each member, and what they add up to.
struct WishTally: Sendable {
    private var newest: [HeldWish?]
    /// What the newest wishes say, again: it is looked through in every turn.
    private var contents: [Wish?]

    /// No wishes yet.
    init(size: Int) {
        newest = Array(repeating: nil, count: size)
        contents = Array(repeating: nil, count: size)
    }

    /// The newest wish of a member.
    subscript(member: MemberIndex) -> HeldWish? { newest[member.offset] }

    /// Keeps a wish if it is newer than its author's last; answers whether it was.
    mutating func insert(_ wish: HeldWish) -> Bool {
        let place = wish.author.offset
        if let known = newest[place], known.signed.object.order >= wish.signed.object.order { return false }
        newest[place] = wish
        contents[place] = wish.wish
        return true
    }

    /// The wishes that ask to leave a view, by author.
    func standing(in view: View) -> [HeldWish] {
        newest.compactMap { $0.flatMap { $0.wish.stands(in: view) ? $0 : nil } }
    }

    /// How many wishes ask to leave a view.
    func count(in view: View) -> Int {
        var count = 0
        for wish in contents where wish?.stands(in: view) ?? false { count += 1 }
        return count
    }

    /// The highest view to which `quorum` of the wishes agree to go, with exactly that many of them.
    ///
    /// It is the q-th greatest target, or the next lower one at which the wishes bind, so at least one honest
    /// member asked for it or more.
    ///
    /// - Complexity: O(n log n) for each distinct target tried.
    func certificate(leaving view: View, quorum: Int) -> (view: View, wishes: [HeldWish])? {
        guard count(in: view) >= quorum else { return nil }
        let wishes = standing(in: view)
        let targets = Set(wishes.map(\.wish.to)).sorted(by: >)
        for target in targets {
            let candidates = wishes.filter { $0.wish.to >= target }
            guard candidates.count >= quorum else { continue }
            let bound = WishBinding.greatest(of: candidates)
            guard bound.count >= quorum else { continue }
            return (target, bound.prefix(quorum).sorted { $0.author < $1.author })
        }
        return nil
    }

    /// The greatest view that `count` of the wishes reach.
    static func target(of wishes: [HeldWish], by count: Int) -> View? {
        guard wishes.count >= count else { return nil }
        return wishes.map(\.wish.to).sorted(by: >)[count - 1]
    }
}
