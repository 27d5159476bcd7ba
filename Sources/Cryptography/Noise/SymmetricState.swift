internal import Primitives

/// The running hash and keys of a handshake (Noise rev 34, section 5.2).
struct SymmetricState: ~Copyable, Sendable {
    private var chainingKey: SecretBytes
    private var cipher: CipherState?
    /// Noise's `h`: binds everything said so far.
    private(set) var hash: Digest

    /// Begins with the name of a protocol, which has 32 bytes.
    init(protocolName: StaticString) {
        let name = unsafe UnsafeRawBufferPointer(
            start: protocolName.utf8Start,
            count: protocolName.utf8CodeUnitCount
        )
        guard let hash = unsafe Digest(name) else {
            preconditionFailure("a shorter name is filled up, a longer one hashed: neither occurs here")
        }
        self.hash = hash
        chainingKey = unsafe SecretBytes(copying: name)
        cipher = nil
    }

    /// Binds public data.
    mutating func mixHash(_ data: RawSpan) {
        var next = SHA256()
        next.update(hash)
        next.update(data)
        hash = next.finalize()
    }

    /// Binds a public key.
    mutating func mixHash(_ key: LinkKey) {
        unsafe key.withUnsafeBytes { unsafe mixHash(RawSpan(_unsafeBytes: $0)) }
    }

    /// Binds a secret: from now on only who knows it too can go on.
    mutating func mixKey(_ secret: SecretBytes) {
        let (chainingKey, key) = NoiseKDF.derive(chainingKey, secret)
        self.chainingKey = chainingKey
        cipher = CipherState(key: key)
    }

    /// The bytes that ``encryptAndHash(_:into:)`` adds.
    var overhead: Int { cipher == nil ? 0 : CipherState.tagSize }

    /// Appends a plaintext, sealed once there is a key, and binds what was appended.
    mutating func encryptAndHash(_ plaintext: RawSpan, into message: inout [UInt8]) throws(NoiseError) {
        let start = message.count
        unsafe plaintext.withUnsafeBytes { unsafe message.append(contentsOf: $0) }
        message.append(contentsOf: repeatElement(0, count: overhead))
        if cipher != nil {
            var span = message.mutableSpan
            try unsafe span.withUnsafeMutableBytes { (buffer) throws(NoiseError) in
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
                try unsafe cipher?.seal(part, authenticating: hash)
            }
        }
        mixHash(unsafe message.span.bytes.extracting(start..<message.count))
    }

    /// Opens what ``encryptAndHash(_:into:)`` appended at the peer.
    mutating func decryptAndHash(_ ciphertext: RawSpan) throws(NoiseError) -> [UInt8] {
        var plaintext = unsafe ciphertext.withUnsafeBytes { unsafe Array($0) }
        if cipher != nil {
            guard plaintext.count >= CipherState.tagSize else { throw .messageLength(plaintext.count) }
            var span = plaintext.mutableSpan
            try unsafe span.withUnsafeMutableBytes { (buffer) throws(NoiseError) in
                try unsafe cipher?.open(buffer, authenticating: hash)
            }
            plaintext.removeLast(CipherState.tagSize)
        }
        mixHash(ciphertext)
        return plaintext
    }

    /// The keys of the two directions, the initiator's first.
    consuming func split() -> (SecretBytes, SecretBytes) {
        NoiseKDF.derive(chainingKey, nil)
    }
}
