internal import Primitives

/// A member's newest wish, decoded, with the signed object that proves it.
struct HeldWish: Hashable, Sendable {
    /// The object as its author signed it; the signature is known to be valid.
    let signed: SignedObject
    /// Its payload.
    let wish: Wish

    /// Who wishes.
    var author: MemberIndex { signed.object.author }
}
