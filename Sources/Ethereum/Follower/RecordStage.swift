/// How sure a record is.
package enum RecordStage: Hashable, Sendable, Comparable {
    /// It is in a block that was canonical when it was read.
    case seen
    /// So many blocks as were asked for stand on its block.
    case confirmed
    /// Its block can no longer be undone.
    case finalized
}
