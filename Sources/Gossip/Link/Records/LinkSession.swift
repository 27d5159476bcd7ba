package import Cryptography
package import Primitives

/// An established link's two directions: bytes in, messages out, and the reverse.
///
/// It has one owner. Records must be written to the connection in the order in which they were appended, and
/// received in the order in which they arrived.
package struct LinkSession: ~Copyable, Sendable {
    /// Who is at the other end, proven.
    package let peer: Identity
    /// Which end dialed.
    package let initiator: LinkSide
    /// Names the session: equal at both ends and at no other.
    package let id: Digest
    private var sealer: RecordSealer
    private var opener: RecordOpener
    private var decoder = FrameDecoder()

    /// The link that a handshake has made.
    package static func over(
        _ transport: consuming NoiseTransport,
        with peer: Identity,
        by initiator: LinkSide
    ) -> LinkSession {
        let id = transport.handshakeHash
        return transport.takeApart { sending, receiving in
            LinkSession(
                peer: peer,
                initiator: initiator,
                id: id,
                sealer: RecordSealer(sending),
                opener: RecordOpener(receiving)
            )
        }
    }

    private init(
        peer: Identity,
        initiator: LinkSide,
        id: Digest,
        sealer: consuming RecordSealer,
        opener: consuming RecordOpener
    ) {
        self.peer = peer
        self.initiator = initiator
        self.id = id
        self.sealer = sealer
        self.opener = opener
    }

    /// Appends one record of what waits, see ``RecordSealer/appendRecord(from:to:)``.
    package mutating func appendRecord(
        from queue: inout OutboundQueue,
        to output: inout OutputRawSpan
    ) throws(NoiseError) -> Bool {
        try sealer.appendRecord(from: &queue, to: &output)
    }

    /// Opens all whole records among the bytes that have arrived, in place.
    ///
    /// - Parameters:
    ///   - bytes: What has arrived and was not consumed yet, in order; overwritten where it is consumed.
    ///   - messages: Gets the messages that are complete now, also those before an offence.
    /// - Returns: How many bytes were consumed. The rest, always less than ``RecordFormat/recordLimit``, must come
    ///   again in front of what arrives next.
    /// - Throws: The peer's offence, after which the link must be closed without an answer.
    package mutating func receive(
        _ bytes: inout MutableRawSpan,
        into messages: inout [LinkMessage]
    ) throws(LinkOffence) -> Int {
        var consumed = 0
        while let plaintext = try opener.openRecord(in: &bytes, at: &consumed) {
            try decoder.decode(bytes.bytes.extracting(plaintext), into: &messages)
        }
        return consumed
    }

    /// One record with a ``Close``, for a link that ends before it was used; empty if it cannot be made.
    mutating func farewell(_ code: Close.Code) -> [UInt8] {
        var queue = OutboundQueue()
        guard queue.enqueue(LinkMessage(.close, body: Close(code).sszBytes)) == .queued else { return [] }
        let room = RecordFormat.headerSize + CipherState.tagSize + MessageType.close.bodyLimit
        return unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var output = unsafe OutputRawSpan(buffer: bytes, initializedCount: 0)
            let isMade = (try? appendRecord(from: &queue, to: &output)) ?? false
            initialized = unsafe isMade ? output.finalize(for: bytes) : 0
        }
    }
}
