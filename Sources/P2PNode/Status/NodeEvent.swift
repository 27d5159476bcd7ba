/// Something that has happened to a node: one line of `GET /events`, and what `oracle watch` shows.
package struct NodeEvent: Codable, Hashable, Sendable {
    /// What sort of thing.
    package enum Kind: String, Codable, CaseIterable, Sendable {
        /// The node runs.
        case started
        /// It takes part in an epoch.
        case epochBegan
        /// A link to a member can be used.
        case linkUp
        /// A link has ended.
        case linkDown
        /// The leader is suspected.
        case leaderSuspected
        /// The leader is trusted again.
        case leaderTrusted
        /// The node is in a view; it holds the view's certificate.
        case viewEntered
        /// The node acts as leader.
        case leadershipTaken
        /// It does not any more.
        case leadershipLeft
        /// The election of a view's leader is certified.
        case electionCertified
        /// An election is in a block.
        case electionIncluded
        /// Its block is as deep as the node asks for.
        case electionConfirmed
        /// Its block is final.
        case electionFinal
        /// Its block was taken back.
        case electionGone
        /// An anchor of the members' logs is in a block.
        case proofIncluded
        /// Its block is as deep as the node asks for.
        case proofAnchored
        /// Its block is final.
        case proofFinal
        /// Its block was taken back.
        case proofGone
        /// The making of the group key has come to a point.
        case ceremony
        /// A member has published something in its log.
        case published
        /// A member is convicted.
        case convicted
        /// The node has stopped for good.
        case halted
    }

    /// When, in milliseconds since 1970, with microseconds behind the point.
    package var time: Double
    /// What.
    package var event: Kind
    /// This node's position in the committee, once it has one.
    package var node: Int?
    /// The epoch or view or member that it is about.
    package var epoch: UInt64?
    /// The view.
    package var view: UInt64?
    /// The leader's position.
    package var leader: Int?
    /// The other member.
    package var member: Int?
    /// Why, or which point.
    package var reason: String?
    /// The anchor's number, or that of an entry in its author's log.
    package var number: UInt64?
    /// The block's number.
    package var block: UInt64?
    /// The transaction's hash.
    package var transaction: String?
    /// In words.
    package var text: String

    /// An event with what is known of it; the time is filled in where it is sent.
    package init(
        _ event: Kind,
        _ text: String,
        epoch: UInt64? = nil,
        view: UInt64? = nil,
        leader: Int? = nil,
        member: Int? = nil,
        reason: String? = nil,
        number: UInt64? = nil,
        block: UInt64? = nil,
        transaction: String? = nil
    ) {
        time = 0
        self.event = event
        self.text = text
        self.epoch = epoch
        self.view = view
        self.leader = leader
        self.member = member
        self.reason = reason
        self.number = number
        self.block = block
        self.transaction = transaction
    }
}
