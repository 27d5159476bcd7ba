package import BLS12381

/// Encrypts an operator's share of a validator's key to the RSA key that it has in SSV's network.
///
/// The form is SSV's and lies outside this module; only the operator itself can open what comes of it.
package protocol ShareEncryption: Sendable {
    /// The text by which SSV calls the key.
    var sharesKey: [UInt8] { get }

    /// The share under the key.
    func encrypt(_ share: SecretFr) throws(ShareEncryptionFault) -> [UInt8]
}

/// Why a share could not be encrypted.
package struct ShareEncryptionFault: Error, Hashable, Sendable {
    /// The reason, for a person.
    package let reason: String

    /// Tells the reason.
    package init(_ reason: String) {
        self.reason = reason
    }
}
