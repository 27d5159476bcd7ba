import Benchmark
import Cryptography
import Primitives

/// Signing as a member, and checking what members have signed.
func identities() {
    let domains = SigningDomains(Deployment(chainId: 1, genesis: Digest(), registry: Address()))
    let said = object(.logEntry, payload: entry(bytes: 100)).object
    func key() -> IdentityKey {
        var random = SystemRandom()
        return IdentityKey(random: &random)
    }
    measure("Ed25519: sign an object", on: { Ed25519Authenticator(key: key()) }) {
        blackHole($0.sign(said, in: domains))
    }
    measure(
        "Ed25519: check an object's signature",
        on: {
            let key = key()
            return (key.identity, Ed25519Authenticator(key: key).sign(said, in: domains))
        }
    ) { identity, signed in
        guard Ed25519Verifier().isValid(signed, in: domains, by: identity) else { throw Wrong() }
    }
}
