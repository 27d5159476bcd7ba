import Benchmark
import Gossip
import Primitives

/// Encoding, decoding and hashing what members say.
func codec() {
    let heartbeat = Heartbeat(
        view: View(7),
        wallTime: UnixMilliseconds(rawValue: 1_700_000_000_000),
        leaderSeen: Order(incarnation: 3, sequence: 12_345),
        wish: .zero,
        chainHead: 19_000_000,
        anchoredView: View(6),
        frontierDigest: SHA256.hash([1]),
        flags: .ready,
        software: SoftwareVersion(1, 0, 0)
    )
    let signed = object(.heartbeat, payload: heartbeat.sszBytes)
    let range = LogRange(fitting: (0..<64).map { _ in object(.logEntry, payload: entry(bytes: 1_024)) })
    let signedBytes = signed.sszBytes
    let rangeBytes = range.sszBytes
    measure("codec: encode a signed heartbeat", isShort: true, on: {}) { blackHole(signed.sszBytes) }
    measure("codec: decode a signed heartbeat", isShort: true, on: {}) {
        blackHole(try Heartbeat(ssz: SignedObject(ssz: signedBytes).object.payload.bytes))
    }
    measure("codec: hash-tree-root of a heartbeat", isShort: true, on: {}) {
        blackHole(signed.object.hashTreeRoot())
    }
    measure("codec: encode a range of 64 entries of 1 KiB", on: {}) { blackHole(range.sszBytes) }
    measure("codec: decode a range of 64 entries of 1 KiB", on: {}) {
        blackHole(try LogRange(ssz: rangeBytes))
    }
    measure("codec: hash-tree-root of an entry of 1 KiB", isShort: true, on: {}) {
        blackHole(range.entries[0].hashTreeRoot())
    }
}

/// An object with an empty signature.
func object(_ kind: ObjectKind, payload: [UInt8]) -> SignedObject {
    SignedObject(
        object: Object(
            epoch: Epoch(1),
            author: MemberIndex(1),
            kind: kind,
            order: Order(incarnation: 0, sequence: 1),
            payload: ByteList(payload) ?? ByteList()
        ),
        signature: IdentitySignature()
    )
}

/// The payload of a log's entry with so many bytes to say.
func entry(bytes: Int) -> [UInt8] {
    let body = ByteList<32_704>([UInt8](repeating: 7, count: bytes)) ?? ByteList()
    return LogEntry(previous: Digest(), topic: 7, body: body).sszBytes
}
