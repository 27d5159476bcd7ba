package import Primitives

/// A validator's word that it leaves (`VoluntaryExit`, consensus specifications, phase 0).
///
/// Valid from its epoch on for ever, also after the key has been shared anew: whoever holds the signature can end the
/// validator's service.
package struct VoluntaryExit: SSZContainer {
    /// The beacon chain's epoch from which on the exit may be processed.
    package var epoch: UInt64
    /// The validator's index, which the chain gives it once its deposit is processed.
    package var validatorIndex: UInt64

    /// Joins the two.
    package init(epoch: UInt64, validatorIndex: UInt64) {
        self.epoch = epoch
        self.validatorIndex = validatorIndex
    }

    package static let fields = [
        SSZField("epoch", UInt64.self),
        SSZField("validator_index", UInt64.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(validatorIndex)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        validatorIndex = try reader.field()
    }
}
