package import Primitives

/// A member's secret share of a group key: the dealt polynomial at the member's position.
package struct SecretShare: Sendable {
    /// Whose share it is.
    package let member: MemberIndex
    /// The share.
    package let secret: SecretScalar

    /// A share, not yet checked against a group key; ``GroupKey/isShare(_:)`` does that.
    package init(member: MemberIndex, secret: SecretScalar) {
        self.member = member
        self.secret = secret
    }
}
