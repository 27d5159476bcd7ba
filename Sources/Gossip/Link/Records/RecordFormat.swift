internal import Cryptography

/// The numbers of the record layer.
///
/// A record is `length u16 BE | ciphertext of that length`; the ciphertext is ChaCha20-Poly1305 over whole frames,
/// with the direction's key and the number of the record as nonce.
package enum RecordFormat {
    /// Bytes of the length.
    package static let headerSize = 2
    /// The most bytes of a record, its length included: the room that fits any.
    package static let recordLimit = headerSize + 65_535
    /// The most bytes of frames in one record.
    package static let plaintextLimit = 65_535 - CipherState.tagSize
    /// How many records one key seals: each direction rekeys after the record whose number is one less than a
    /// multiple of this.
    package static let recordsPerKey: UInt64 = 65_536
}
