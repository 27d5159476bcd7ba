package import Primitives

extension ViewChangeMachine {
    /// What a node's view change orders.
    package enum Action: Hashable, Sendable {
        /// Make this record durable in place of the last one, then answer ``Event/persisted(_:)``.
        case persist(ViewRecord, ticket: UInt64)
        /// Publish an own register (a wish or a lost-link report) to all, at once.
        case publish(SignedObject)
        /// Hand a view certificate to a member.
        case sendViewCertificate(ViewCertificate, to: MemberIndex)
        /// Hand an election certificate to a member.
        case sendElectionCertificate(ElectionCertificate, to: MemberIndex)
        /// Hand a newly learned election certificate to all linked members but the one it came from.
        case spreadElectionCertificate(ElectionCertificate, except: MemberIndex?)
        /// Ask a member for certificates.
        case request(CertificateRequest, from: MemberIndex)
        /// Send a member the newest heartbeat held of another, which it seems to lack.
        case forwardHeartbeat(of: MemberIndex, to: MemberIndex)

        /// The node is durably in this view. Follows every start, too.
        case entered(View, leader: MemberIndex, by: Entrance)
        /// The highest election certificate held has changed.
        case learned(ElectionCertificate)
        /// Whether this node may act as leader has changed.
        case leadershipChanged(isLeading: Bool)
        /// What this node thinks of the leader has changed; `nil` is trust.
        case suspicionChanged(WishReason?)
        /// A member sent what no honest member sends.
        case penalize(MemberIndex, Offence)
    }

    /// By what a view was entered.
    package enum Entrance: Hashable, Sendable {
        /// The first view of the epoch or the one the node was in before it stopped.
        case start
        /// q members' wishes.
        case certificate(ViewCertificate)
        /// The group key's signature.
        case election(ElectionCertificate)
    }

    /// What only a faulty member does.
    package enum Offence: Hashable, Sendable, CustomStringConvertible {
        /// The author's payload does not decode as the kind it claims.
        case malformed(ObjectKind)
        /// The sender's view certificate breaks a rule.
        case viewCertificate(ViewCertificateError)
        /// The sender's election certificate breaks a rule.
        case electionCertificate(ElectionCertificateError)

        package var description: String {
            switch self {
            case .malformed(let kind): "a \(kind) whose payload does not decode"
            case .viewCertificate(let error): "a view certificate that does not count: \(error)"
            case .electionCertificate(let error): "an election certificate that does not count: \(error)"
            }
        }
    }
}
