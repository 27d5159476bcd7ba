package import Primitives

/// Checks signatures of one epoch's group key.
///
/// The product's implementation is the FROST(secp256k1, SHA-256) verification over EIP-712 digests; simulations
/// may compare instead of computing.
package protocol GroupVerifier: Sendable {
    /// Whether the signature stands under `Election(epoch, view, leader)`.
    func isValid(_ signature: GroupSignature, epoch: Epoch, view: View, leader: Address) -> Bool
}
