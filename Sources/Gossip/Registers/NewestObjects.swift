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
        guard let place = kinds.firstIndex(of: kind) else { return .zero }
        return held[author][place]?.object.order ?? .zero
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

    /// The place of a register among ``registers``; `nil` for other kinds.
    var registerPlace: Int? {
        switch self {
        case .heartbeat: 0
        case .wish: 1
        case .linkLost: 2
        case .logEntry, .ready, .signRequest, .signShare: nil
        }
    }

    /// Whether only the newest of an author counts.
    var isRegister: Bool { registerPlace != nil }

    /// Whether it goes to one member and no further.
    var isDirect: Bool {
        switch self {
        case .ready, .signRequest, .signShare: true
        case .heartbeat, .wish, .linkLost, .logEntry: false
        }
    }

    /// Whether it is passed on at once to everybody who may not have it.
    var isUrgent: Bool { self == .wish || self == .linkLost }
}
