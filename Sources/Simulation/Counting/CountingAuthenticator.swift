import Primitives

/// Signs by laying identity beside root: nobody in the simulation forges what it did not sign.
struct CountingAuthenticator: Authenticator {
    let identity: Identity

    func sign(_ root: SigningRoot) -> IdentitySignature {
        var signature = IdentitySignature()
        for index in 0..<32 {
            signature[index] = root.digest[index]
            signature[32 + index] = identity[index]
        }
        return signature
    }

    func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<32 {
            difference |= signature[index] ^ root.digest[index]
            difference |= signature[32 + index] ^ identity[index]
        }
        return difference == 0
    }
}
