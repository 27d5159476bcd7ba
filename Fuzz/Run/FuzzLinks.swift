import Cryptography
import FuzzDriver
import Gossip
import Primitives

/// Frames of several records: what is held never exceeds what has arrived, and messages keep to their limits.
func fuzzFrames(_ input: [UInt8]) {
    var decoder = FrameDecoder()
    var messages: [LinkMessage] = []
    for record in pieces(of: input) {
        do throws(LinkOffence) {
            try decoder.decode(unsafe record.span.bytes, into: &messages)
        } catch {
            _ = error.description
            break
        }
        precondition(decoder.heldBytes <= input.count, "more is held than has arrived")
    }
    precondition(messages.allSatisfy { $0.body.count <= $0.type.bodyLimit }, "a message beyond its limit")
    precondition(messages.reduce(0) { $0 + $1.body.count } <= input.count, "more came out than went in")
}

/// A key for both ends of one direction.
private func cipher() -> CipherState {
    CipherState(key: unsafe SecretBytes(count: 32) { unsafe $0[0] = 1 })
}

/// Sealed records are opened whole, in pieces or with garbage in between; the plaintext comes out as it went in.
func fuzzRecords(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input) else { return }
    var wire = bytes
    if !selector.isMultiple(of: 2) {
        var sealing = cipher()
        wire = []
        for plaintext in pieces(of: bytes) {
            let length = plaintext.count + CipherState.tagSize
            var record = plaintext + [UInt8](repeating: 0, count: CipherState.tagSize)
            let isSealed = unsafe record.withUnsafeMutableBytes { (try? unsafe sealing.seal($0)) != nil }
            precondition(isSealed, "a fresh key seals")
            wire += [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)] + record
        }
    }
    let arrived = wire.count
    var opener = RecordOpener(cipher())
    var decoder = FrameDecoder()
    var messages: [LinkMessage] = []
    var offset = 0
    var span = wire.mutableSpan
    var raw = unsafe span.mutableBytes
    do throws(LinkOffence) {
        while let plaintext = try opener.openRecord(in: &raw, at: &offset) {
            try decoder.decode(raw.bytes.extracting(plaintext), into: &messages)
        }
    } catch {
        _ = error.description
    }
    precondition(offset <= arrived, "the opener ran beyond its bytes")
}

/// Parts of the input, each with its length in two bytes before it.
private func pieces(of input: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = input[...]
    while let low = rest.popFirst(), let high = rest.popFirst() {
        let piece = rest.prefix(Int(low) | Int(high) << 8)
        rest = rest.dropFirst(piece.count)
        pieces.append(Array(piece))
    }
    return pieces
}
