import Consensus
import Cryptography
import Gossip
import Peer
import Primitives

/// One member's machine among members that a test speaks for.
///
/// Records become durable at once; secrets are nobody's business here, so no order is carried out.
struct PeerBench {
    static let deployment = Deployment(chainId: 31_337, genesis: SHA256.hash([1]), registry: Address())
    static let domains = SigningDomains(deployment)
    let keys: [MemberKeys]
    private(set) var machine: PeerMachine
    private(set) var actions: [PeerMachine.Action] = []
    private(set) var now = Instant.start

    /// A member of nothing yet, the first of all whom the keys are of.
    init(size: Int = 4) {
        keys = (1...size).map { MemberKeys(seed: UInt64($0)) }
        machine = PeerMachine(
            PeerMachine.Setting(
                identity: keys[0].identity.identity,
                incarnation: 1,
                deployment: Self.deployment,
                software: SoftwareVersion(1, 0, 0),
                wallTimeAtStart: UnixMilliseconds(rawValue: 1_700_000_000_000),
                seed: 1
            ),
            authenticator: Ed25519Authenticator(key: keys[0].identity),
            cryptography: CurveCryptography(deployment: Self.deployment)
        )
    }

    /// The committee of an epoch, in the order of the numbers of its keys, from 0.
    func committee(_ epoch: UInt64, of numbers: [Int] = [0, 1, 2, 3]) -> Committee {
        let members = numbers.map { keys[$0].record(port: 9_000 + $0) }
        return try! Committee(Roster(epoch: Epoch(epoch), members: SSZList(members)!))
    }

    /// The first view whose leader is another member, and the number of that one's keys.
    func foreignView(in committee: Committee) -> (view: View, leader: Int) {
        for number in 1... {
            let view = View(UInt64(number))
            let leader = committee[committee.leader(of: view)]!.identity
            if leader != identity(0) { return (view, keys.firstIndex { $0.identity.identity == leader }!) }
        }
        preconditionFailure("all views are this member's")
    }

    mutating func begin(
        _ committee: Committee,
        in view: View = View(1),
        past: [Committee] = [],
        logs: [StoredLog] = [],
        evidence: [Evidence] = []
    ) {
        feed(
            .epochBegan(
                EpochBeginning(
                    committee: committee,
                    membersHash: SHA256.hash([2]),
                    firstView: view,
                    logs: logs,
                    past: past,
                    evidence: evidence
                )
            )
        )
    }

    mutating func feed(_ event: PeerMachine.Event) {
        take(machine.handle(event, at: now))
    }

    private mutating func take(_ new: [PeerMachine.Action]) {
        actions += new
        for case .persist(_, let ticket) in new { feed(.persisted(ticket)) }
    }

    mutating func advance(by span: Duration) {
        let end = now.advanced(by: span)
        while let due = machine.nextDeadline, due <= end {
            now = max(now, due)
            take(machine.expired(at: now))
        }
        now = end
    }

    mutating func clear() { actions = [] }

    // MARK: What others say

    func identity(_ number: Int) -> Identity { keys[number].identity.identity }

    /// Brings up the link with a member, which greets as one of the committee.
    mutating func link(_ number: Int, in committee: Committee, _ change: (inout Hello) -> Void = { _ in }) {
        var hello = Hello(
            software: ByteList(),
            protocolVersion: 1,
            epoch: committee.epoch,
            configDigest: committee.configDigest,
            view: View(1),
            incarnation: 1,
            electionView: View(0),
            frontierDigest: Digest()
        )
        change(&hello)
        feed(.linkUp(identity(number)))
        hear(number, .hello, hello.sszBytes)
    }

    mutating func hear(_ number: Int, _ type: MessageType, _ body: [UInt8]) {
        feed(.received([LinkMessage(type, body: body)], from: identity(number)))
    }

    /// Something that the member at this position of an epoch's committee has signed.
    func signed(
        _ kind: ObjectKind,
        _ payload: [UInt8],
        _ epoch: UInt64 = 1,
        by number: Int,
        as position: Int,
        order: Order
    ) -> SignedObject {
        let object = Object(
            epoch: Epoch(epoch),
            author: MemberIndex(position),
            kind: kind,
            order: order,
            payload: ByteList(payload)!
        )
        let root = SigningRoot(of: object, in: Self.domains)
        return SignedObject(object: object, signature: keys[number].identity.sign(root))
    }

    /// Consecutive entries of a log, from its beginning.
    func log(of number: Int, as position: Int, _ bodies: [[UInt8]], topic: LogTopic = .deal) -> [SignedObject]
    {
        var entries: [SignedObject] = []
        for (offset, body) in bodies.enumerated() {
            let entry = LogEntry(
                previous: entries.last?.hashTreeRoot() ?? Digest(),
                topic: topic.rawValue,
                body: ByteList(body)!
            )
            let order = Order(incarnation: 0, sequence: UInt64(offset + 1))
            entries.append(signed(.logEntry, entry.sszBytes, by: number, as: position, order: order))
        }
        return entries
    }

    /// Has the operator want something said; answers what becomes of it at once.
    mutating func publish(_ ticket: UInt64, _ title: String = "title", _ content: [UInt8] = [1])
        -> PublicationState?
    {
        feed(.publicationRequested(.of(ticket, title, content)))
        return machine.publication(ticket)
    }

    // MARK: What the machine did

    var notices: [Notice] {
        actions.compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
    }

    /// The log entries that it has made durable.
    var kept: [SignedObject] {
        actions.flatMap { action -> [SignedObject] in
            if case .persist(.log(.entries(_, let entries)), _) = action { entries } else { [] }
        }
    }

    var closes: [(Identity, Close.Code, String)] {
        actions.compactMap {
            if case .close(let peer, let code, let words) = $0 { (peer, code, words) } else { nil }
        }
    }

    var penalties: [(MemberIndex, PeerOffence)] {
        actions.compactMap {
            if case .penalize(let member, let offence) = $0 { (member, offence) } else { nil }
        }
    }

    func sent(_ type: MessageType, to number: Int) -> [LinkMessage] {
        actions.flatMap { action -> [LinkMessage] in
            guard case .send(let messages, let peer) = action, peer == identity(number) else { return [] }
            return messages.filter { $0.type == type }
        }
    }
}
