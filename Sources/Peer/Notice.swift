package import Consensus
package import Gossip
package import Primitives

/// Something that people who watch a node want to know at once.
package enum Notice: Sendable {
    /// The node takes part in an epoch.
    case epochBegan(Epoch, size: Int, own: MemberIndex)
    /// What the epoch's mesh costs, and what the node bears of each link.
    case budget(GossipSchedule)
    /// A link to a member can be used.
    case linkUp(MemberIndex)
    /// The link to a member has ended.
    case linkDown(MemberIndex)
    /// The link to a member was given up after its first words, and why.
    case linkRefused(MemberIndex, Close.Code, String)
    /// The node suspects the leader of its view, or trusts it again.
    case suspicion(View, leader: MemberIndex, WishReason?)
    /// The node is in a view.
    case viewEntered(View, leader: MemberIndex, ViewEntrance)
    /// The node leads, or does not any more.
    case leadership(Bool)
    /// The election of a view's leader is certified by the group.
    case certified(ElectionCertificate)
    /// An election is on chain.
    case anchored(ElectionRecord, ChainStage)
    /// An endpoint tells of an election that the group key has not signed.
    case inventedElection(ElectionRecord)
    /// An anchor of the members' logs is on chain.
    case proofAnchored(ProofAnchorRecord, ChainStage)
    /// An endpoint tells of an anchor that the group key has not signed.
    case inventedProof(ProofAnchorRecord)
    /// The making of the group key has come to a point.
    case ceremony(CeremonyNotice)
    /// A member has published something: its place in the member's log, its title in the member's own bytes, its size.
    case published(by: MemberIndex, sequence: UInt64, title: ByteList<128>, size: Int)
    /// A member is convicted of breaking the protocol.
    case convicted(Conviction)
    /// The entries of a member's log before this place are not kept; the list of this number attests them.
    case logBegins(MemberIndex, first: UInt64, list: UInt64)
    /// The committee attests another log of this member than this node has, whose copy ends where it is.
    case logDiffers(MemberIndex)
    /// This node cannot say something in its own log, and does without: what it had to say, and why.
    case entryRefused(LogTopic, EntryRefusal)
    /// Another process speaks with this node's identity.
    case identityElsewhere
    /// The node has stopped for good because it cannot keep promises.
    case halted
}

/// By what a view was entered, in a word.
package enum ViewEntrance: String, Hashable, Sendable {
    /// It is the first, or the one before a restart.
    case start
    /// By a quorum's wishes.
    case wishes
    /// By an election certificate.
    case election
}

/// A point in the making of a group key.
package enum CeremonyNotice: Hashable, Sendable {
    /// This node has dealt.
    case dealt
    /// This node's share is sound.
    case shareSound
    /// A quorum confirms the key.
    case certified(transcript: Digest)
    /// The key has signed for itself.
    case proven(transcript: Digest)
    /// The contract has registered the key.
    case registered(transcript: Digest)
    /// The key is in use; says whether this node has a share of it.
    case active(transcript: Digest, hasShare: Bool)
}
