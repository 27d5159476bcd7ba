internal import Cryptography

/// A signed exit under a password, as the Lido ejector reads it: a keystore whose secret is the exit's JSON.
package enum EscrowedExit {
    /// Puts an exit under a password.
    package static func seal(
        _ exit: SignedExit,
        password: KeystorePassword,
        derivation: Keystore.Derivation,
        counter: [UInt8],
        uuid: String
    ) throws(FileFault) -> Keystore {
        var json = exit.encoded()
        // The line feed belongs to the file, not to the exit.
        json.removeLast()
        let secret = unsafe json.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
        return try Keystore(
            secret,
            password: password,
            derivation: derivation,
            counter: counter,
            label: Keystore.Label(uuid: uuid)
        )
    }

    /// The exit in a keystore; whose it is and whether it is good is for ``SignedExit/fault(on:by:)`` to say.
    package static func open(_ keystore: Keystore, _ password: KeystorePassword) throws(FileFault)
        -> SignedExit
    {
        let secret = try keystore.open(password)
        return try SignedExit(unsafe secret.withUnsafeBytes { unsafe Array($0) })
    }
}
