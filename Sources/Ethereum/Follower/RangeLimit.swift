/// How many blocks are asked for at once, found out by trying.
///
/// A range that is not answered is halved. One that is answered may grow again, but after each growth that was in vain
/// only twice as many answers later: a provider that limits ranges is soon asked for no more than it gives.
struct RangeLimit: Hashable, Sendable {
    /// How many answers there are at most between two tries.
    private static let greatestPatience = 64

    let greatest: UInt64
    private(set) var value: UInt64
    /// Whether this many have not been answered yet since the last growth.
    private var isTrying = false
    private var answers = 0
    private var patience = 1

    init(greatest: UInt64) {
        self.greatest = greatest
        value = greatest
    }

    /// So many blocks were answered.
    mutating func answered(_ count: UInt64) {
        // The end of what was passed over is short and shows nothing.
        guard count == value, value < greatest else { return }
        if isTrying {
            isTrying = false
            patience = 1
        }
        answers += 1
        guard answers >= patience else { return }
        answers = 0
        value = min(value * 2, greatest)
        isTrying = true
    }

    /// So many blocks were not answered; whether fewer can be asked for.
    mutating func failed(_ count: UInt64) -> Bool {
        guard count > 1 else { return false }
        if isTrying { patience = min(patience * 2, Self.greatestPatience) }
        isTrying = false
        answers = 0
        value = count / 2
        return true
    }
}
