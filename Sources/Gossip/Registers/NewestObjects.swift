import Primitives

/// The newest object of each kind and author: all that is kept of registers, and of direct objects to tell
/// replays.
///
/// Memory is one object for each kind and member, whatever comes.
struct NewestObjects: Sendable {
    private let kinds: [ObjectKind]
    private var held: MemberTable<[SignedObject?]>

    /// Empty tables for these kinds.
    init(_ kinds: [ObjectKind], size: Int) {
        self.kinds = kinds
        held = MemberTable(repeating: Array(repeating: nil, count: kinds.count), size: size)
    }

    /// The newest object of the kind, if there is one.
    func newest(_ kind: ObjectKind, of author: MemberIndex) -> SignedObject? {
        kinds.firstIndex(of: kind).flatMap { held[author][$0] }
    }

    /// The order of ``newest(_:of:)``, zero for none.
    func order(_ kind: ObjectKind, of author: MemberIndex) -> Order {
        newest(kind, of: author)?.object.order ?? .zero
    }

    /// All objects of an author, one of each kind at most.
    func all(of author: MemberIndex) -> [SignedObject] {
        held[author].compactMap { $0 }
    }

    /// Puts an object in the place of the older one.
    ///
    /// - Precondition: It is newer, and its kind is one of the table's.
    mutating func hold(_ object: SignedObject) {
        let (kind, author) = (object.object.kind, object.object.author)
        precondition(order(kind, of: author) < object.object.order, "a register went back")
        guard let place = kinds.firstIndex(of: kind) else { preconditionFailure("a kind without a table") }
        held[author][place] = object
    }
}

extension ObjectKind {
    /// The kinds of which every member keeps the newest of every member.
    static let registers: [ObjectKind] = [.heartbeat, .wish, .linkLost]
    /// The kinds that go to one member and no further.
    static let directs: [ObjectKind] = [.ready, .signRequest, .signShare]

    /// Whether only the newest of an author counts.
    var isRegister: Bool { Self.registers.contains(self) }
    /// Whether it goes to one member and no further.
    var isDirect: Bool { Self.directs.contains(self) }
    /// Whether it is passed on at once to everybody who may not have it.
    var isUrgent: Bool { self == .wish || self == .linkLost }
}
