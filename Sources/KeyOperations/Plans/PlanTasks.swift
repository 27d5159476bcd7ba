package import BLS12381
package import Primitives

/// Makes new keys, all in the same rounds.
package struct KeygenTask: SSZContainer {
    /// The places of the request that are to be filled, rising; those that an earlier attempt has filled are left out.
    package var places: SSZList<UInt16, 20>
    /// Where the validators' ether goes.
    package var credentials: FixedBytes<BeaconTag.WithdrawalCredentials, 32>
    /// What each deposits.
    package var amount: Gwei
    /// Who owns them in SSV.
    package var owner: Address
    /// The owner's nonce for place 0; the others' follow by their place.
    package var ownerNonce: UInt64

    /// Joins the parts.
    package init(
        places: SSZList<UInt16, 20>,
        credentials: FixedBytes<BeaconTag.WithdrawalCredentials, 32>,
        amount: Gwei,
        owner: Address,
        ownerNonce: UInt64
    ) {
        self.places = places
        self.credentials = credentials
        self.amount = amount
        self.owner = owner
        self.ownerNonce = ownerNonce
    }

    /// What the validator of a place signs to be deposited for.
    package func deposit(of key: PublicKey) -> DepositMessage {
        DepositMessage(stated: key.bytes, credentials, amount)
    }

    /// The owner's nonce for a place.
    package func nonce(of place: UInt16) -> UInt64 { ownerNonce &+ UInt64(place) }

    package static let fields = [
        SSZField("places", SSZList<UInt16, 20>.self),
        SSZField("withdrawal_credentials", FixedBytes<BeaconTag.WithdrawalCredentials, 32>.self),
        SSZField("amount", Gwei.self),
        SSZField("owner", Address.self),
        SSZField("owner_nonce", UInt64.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(places)
        visitor.field(credentials)
        visitor.field(amount)
        visitor.field(owner)
        visitor.field(ownerNonce)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        places = try reader.field()
        credentials = try reader.field()
        amount = try reader.field()
        owner = try reader.field()
        ownerNonce = try reader.field()
    }
}

/// Shares a key anew.
package struct ReshareTask: SSZContainer {
    /// The key's polynomial times the generator, the constant term, which is the key, first.
    package var sharing: SSZList<G1Bytes, 13>
    /// Who deals its share on, rising; at least as many as the sharing has coefficients.
    package var dealers: SSZList<PlannedOperator, 13>

    /// Joins the two.
    package init(sharing: SSZList<G1Bytes, 13>, dealers: SSZList<PlannedOperator, 13>) {
        self.sharing = sharing
        self.dealers = dealers
    }

    package static let fields = [
        SSZField("sharing", SSZList<G1Bytes, 13>.self),
        SSZField("dealers", SSZList<PlannedOperator, 13>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(sharing)
        visitor.field(dealers)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        sharing = try reader.field()
        dealers = try reader.field()
    }
}

/// Signs that a validator leaves.
package struct ExitTask: SSZContainer {
    /// The key's polynomial times the generator, the constant term, which is the key, first.
    package var sharing: SSZList<G1Bytes, 13>
    /// What is signed.
    package var exit: VoluntaryExit

    /// Joins the two.
    package init(sharing: SSZList<G1Bytes, 13>, exit: VoluntaryExit) {
        self.sharing = sharing
        self.exit = exit
    }

    package static let fields = [
        SSZField("sharing", SSZList<G1Bytes, 13>.self),
        SSZField("exit", VoluntaryExit.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(sharing)
        visitor.field(exit)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        sharing = try reader.field()
        exit = try reader.field()
    }
}
