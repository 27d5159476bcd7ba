/// The newest anchor of the members' logs that the registry contract knows.
///
/// The one that comes next bears the number after it, and is of logs that go on from its root.
package struct LatestProof: Hashable, Sendable {
    /// Its number, over all epochs; 0 when nothing has been anchored yet.
    package var number: UInt64
    /// What the logs came to; zero when nothing has been anchored yet.
    package var root: Digest

    /// Nothing has been anchored.
    package static let none = LatestProof(number: 0, root: Digest())

    /// An anchor's number and root.
    package init(number: UInt64, root: Digest) {
        self.number = number
        self.root = root
    }
}
