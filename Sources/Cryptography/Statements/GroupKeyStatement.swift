package import Primitives

/// This is the group key of this epoch's committee.
///
/// Signed by the new key itself (possession), and by each member's account or the key before it (approval).
package struct GroupKeyStatement: Statement {
    /// The epoch the key is for.
    package var epoch: Epoch
    /// The group's public key, compressed.
    ///
    /// The statement holds its x coordinate and the parity of y.
    package var groupKey: CompressedPoint
    /// How many shares make a signature.
    package var threshold: UInt16
    /// The number of members.
    package var size: UInt16
    /// `keccak256(abi.encode(Member[]))` of the members in order.
    package var membersHash: Digest
    /// The digest of the ceremony that made the key.
    package var transcript: Digest

    /// The statement of a group key.
    package init(
        epoch: Epoch,
        groupKey: CompressedPoint,
        threshold: UInt16,
        size: UInt16,
        membersHash: Digest,
        transcript: Digest
    ) {
        self.epoch = epoch
        self.groupKey = groupKey
        self.threshold = threshold
        self.size = size
        self.membersHash = membersHash
        self.transcript = transcript
    }

    /// The x coordinate of ``groupKey``, most significant byte first: the contract's `px`.
    package var groupKeyX: Digest {
        var x = Digest()
        for index in 0..<32 { x[index] = groupKey[index + 1] }
        return x
    }

    /// The parity of the y coordinate of ``groupKey``, 0 or 1.
    package var parity: UInt8 { groupKey[0] & 1 }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(
            type: """
                GroupKey(uint64 epoch,uint256 groupKeyX,uint8 parity,uint16 threshold,uint16 size,\
                bytes32 membersHash,bytes32 transcript)
                """
        )
        words.append(epoch.rawValue)
        words.append(groupKeyX)
        words.append(parity)
        words.append(threshold)
        words.append(size)
        words.append(membersHash)
        words.append(transcript)
        return words.hash()
    }
}
