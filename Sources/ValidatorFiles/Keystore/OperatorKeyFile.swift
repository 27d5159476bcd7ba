package import Cryptography

/// The file of an SSV operator's own RSA key: a PEM block, or one under a password.
package enum OperatorKeyFile {
    /// Reads either form; the password is needed for the second only.
    package static func read(_ file: SecretBytes, password: KeystorePassword?) throws(FileFault)
        -> RSAPrivateKey
    {
        let pem = try block(file, password: password)
        do {
            return try RSAPrivateKey(pem: pem)
        } catch {
            throw FileFault("", "the operator's key is not taken", remedy: "\(error)")
        }
    }

    /// The PEM block of either form, which is not looked into.
    package static func block(_ file: SecretBytes, password: KeystorePassword?) throws(FileFault)
        -> SecretBytes
    {
        let first = unsafe file.withUnsafeBytes { unsafe $0.first { $0 > 0x20 } }
        guard first == UInt8(ascii: "{") else { return file }
        guard let password else {
            throw FileFault(
                "",
                "the key is under a password",
                remedy: "give the password of the operator's key"
            )
        }
        return try Keystore(unsafe file.withUnsafeBytes { unsafe Array($0) }).open(password)
    }
}
