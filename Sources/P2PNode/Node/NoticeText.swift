internal import Consensus
internal import Gossip
internal import Logging
internal import Peer
internal import Primitives

/// A notice as the log and those who listen get it.
struct NoticeText {
    var level = Logger.Level.info
    var message: String
    var metadata: Logger.Metadata = [:]
    var event: NodeEvent?

    init(_ notice: Notice, _ committee: Committee?) {
        switch notice {
        case .epochBegan(let epoch, let size, let own):
            self.init(
                .epochBegan,
                "epoch \(epoch): member \(own) of \(size)",
                ["epoch": "\(epoch)", "member": "\(own)", "size": "\(size)"]
            )
            event?.epoch = epoch.rawValue
            event?.member = Int(own.rawValue)
        case .budget(let schedule): self.init(budget: schedule)
        case .linkUp(let member):
            self.init(.linkUp, "linked with oracle \(member)", ["member": "\(member)"])
            event?.member = Int(member.rawValue)
        case .linkDown(let member):
            self.init(.linkDown, "no link with oracle \(member)", ["member": "\(member)"])
            event?.member = Int(member.rawValue)
        case .linkRefused(let member, let code, let words):
            self.init(
                .linkDown,
                "no link with oracle \(member): \(words)",
                ["member": "\(member)", "reason": "\(code)"]
            )
            event?.member = Int(member.rawValue)
            event?.reason = "\(code)"
        case .suspicion(let view, let leader, let reason): self.init(view, leader, suspicion: reason)
        case .viewEntered(let view, let leader, let entrance): self.init(view, leader, entrance)
        case .leadership(let isLeading):
            self.init(
                isLeading ? .leadershipTaken : .leadershipLeft,
                isLeading ? "leads" : "leads no more",
                [:]
            )
        case .certified(let certificate):
            self.init(
                .electionCertified,
                "the group certifies oracle \(certificate.leader) for view \(certificate.view)",
                ["view": "\(certificate.view)", "leader": "\(certificate.leader)"]
            )
            event?.view = certificate.view.rawValue
            event?.leader = Int(certificate.leader.rawValue)
        case .anchored(let record, let stage): self.init(record, stage, committee)
        case .inventedElection(let record): self.init(invented: record)
        case .proofAnchored(let record, let stage): self.init(record, stage)
        case .inventedProof(let record): self.init(invented: record)
        case .ceremony(let point): self.init(point)
        case .published(let member, let sequence, let title, let size):
            let title = String(printable: title.bytes)
            self.init(
                .published,
                "oracle \(member) publishes \"\(title)\" (\(member):\(sequence), \(size) bytes)",
                ["member": "\(member)", "sequence": "\(sequence)", "title": "\(title)", "size": "\(size)"]
            )
            event?.member = Int(member.rawValue)
            event?.number = sequence
        case .convicted(let conviction):
            self.init(
                .convicted,
                "oracle \(conviction.member) is convicted: \(conviction.crime)",
                ["member": "\(conviction.member)", "crime": "\(conviction.crime)"]
            )
            level = .error
            event?.member = Int(conviction.member.rawValue)
            event?.reason = "\(conviction.crime)"
        case .entryRefused(let topic, let refusal): self.init(topic, refused: refusal)
        case .logBegins(let member, let first, let list): self.init(member, first: first, list: list)
        case .logDiffers(let member): self.init(differing: member)
        case .identityElsewhere:
            self.init(.halted, "another process signs with this node's identity", [:])
            level = .critical
            event?.reason = "identityElsewhere"
        case .halted:
            self.init(.halted, "stopped for good: no promise can be kept any more", [:])
            level = .critical
        }
    }

    private init(_ kind: NodeEvent.Kind, _ text: String, _ metadata: Logger.Metadata) {
        message = text
        self.metadata = metadata
        self.metadata["event"] = "\(kind.rawValue)"
        event = NodeEvent(kind, text)
    }

    /// Of no kind that programs wait for: a line for the log.
    private init(budget schedule: GossipSchedule) {
        message = "\(schedule)"
        metadata = [
            "quietBytesPerSecond": "\(schedule.quietNodeBytesPerSecond)",
            "linkLimitBytesPerSecond": "\(schedule.linkLimitBytesPerSecond)",
        ]
    }

    /// Of no kind that programs wait for either.
    private init(_ member: MemberIndex, first: UInt64, list: UInt64) {
        message =
            "entries 1 to \(first - 1) of oracle \(member)'s log are not kept here; list \(list) attests them"
        metadata = ["event": "log.begins", "member": "\(member)", "first": "\(first)", "list": "\(list)"]
    }

    /// Of no kind that programs wait for either.
    private init(differing member: MemberIndex) {
        message =
            "the committee attests another log of oracle \(member) than this node has; its copy ends where it is"
        metadata = ["event": "log.differs", "member": "\(member)"]
        level = .error
    }

    private init(_ topic: LogTopic, refused refusal: EntryRefusal) {
        message =
            switch refusal {
            case .forked:
                "another history stands under this node's identity, so nobody takes its word any more: \(topic) unsaid"
            case .tooMany: "too much waits for the log already: \(topic) unsaid"
            case .tooLong: "too long for the log: \(topic) unsaid"
            case .noEpoch: "serves no committee yet: \(topic) unsaid"
            case .laterEpoch:
                "its own log has entries of a later epoch than the chain shows: \(topic) unsaid until the chain is there"
            }
        metadata = ["topic": "\(topic)", "reason": "\(refusal)"]
        level = .error
    }

    /// Of no kind that programs wait for either.
    private init(invented record: ElectionRecord) {
        message =
            "a chain endpoint tells of an election of view \(record.view) that the group never signed: nothing is "
            + "made of it; mend or replace that endpoint of chain.rpc, or raise chain.agreement"
        metadata = [
            "view": "\(record.view)", "block": "\(record.block)", "transaction": "\(record.transaction)",
        ]
        level = .error
    }

    /// Of no kind that programs wait for either.
    private init(invented record: ProofAnchorRecord) {
        message =
            "a chain endpoint tells of anchor \(record.anchor.number) of the logs, which the group never signed: nothing "
            + "is made of it; mend or replace that endpoint of chain.rpc, or raise chain.agreement"
        metadata = [
            "number": "\(record.anchor.number)", "block": "\(record.block)",
            "transaction": "\(record.transaction)",
        ]
        level = .error
    }

    private init(_ view: View, _ leader: MemberIndex, suspicion reason: WishReason?) {
        let metadata: Logger.Metadata = ["view": "\(view)", "leader": "\(leader)"]
        if let reason {
            self.init(
                .leaderSuspected,
                "suspects oracle \(leader), leader of view \(view): \(reason)",
                metadata
            )
            level = .warning
            event?.reason = "\(reason)"
        } else {
            self.init(.leaderTrusted, "trusts oracle \(leader), leader of view \(view)", metadata)
        }
        event?.view = view.rawValue
        event?.leader = Int(leader.rawValue)
    }

    private init(_ view: View, _ leader: MemberIndex, _ entrance: ViewEntrance) {
        self.init(
            .viewEntered,
            "view \(view): oracle \(leader) leads (by \(entrance.rawValue))",
            ["view": "\(view)", "leader": "\(leader)", "by": "\(entrance.rawValue)"]
        )
        event?.view = view.rawValue
        event?.leader = Int(leader.rawValue)
        event?.reason = entrance.rawValue
    }

    private init(_ record: ElectionRecord, _ stage: ChainStage, _ committee: Committee?) {
        let kind: NodeEvent.Kind
        let words: String
        switch stage {
        case .included: (kind, words) = (.electionIncluded, "is in block \(record.block)")
        case .confirmed: (kind, words) = (.electionConfirmed, "is confirmed in block \(record.block)")
        case .final: (kind, words) = (.electionFinal, "is final in block \(record.block)")
        case .gone: (kind, words) = (.electionGone, "was taken back with block \(record.block)")
        }
        self.init(
            kind,
            "LeaderElected of view \(record.view) \(words), transaction \(record.transaction)",
            ["view": "\(record.view)", "block": "\(record.block)", "transaction": "\(record.transaction)"]
        )
        event?.view = record.view.rawValue
        event?.leader = committee.map { Int($0.leader(of: record.view).rawValue) }
        event?.block = record.block
        event?.transaction = "\(record.transaction)"
        if stage == .gone { level = .warning }
    }

    private init(_ record: ProofAnchorRecord, _ stage: ChainStage) {
        let kind: NodeEvent.Kind
        let words: String
        switch stage {
        case .included: (kind, words) = (.proofIncluded, "is in block \(record.block)")
        case .confirmed: (kind, words) = (.proofAnchored, "is confirmed in block \(record.block)")
        case .final: (kind, words) = (.proofFinal, "is final in block \(record.block)")
        case .gone: (kind, words) = (.proofGone, "was taken back with block \(record.block)")
        }
        let number = record.anchor.number
        self.init(
            kind,
            "anchor \(number) of the members' logs \(words), transaction \(record.transaction)",
            [
                "number": "\(number)", "root": "\(record.anchor.root)", "block": "\(record.block)",
                "transaction": "\(record.transaction)",
            ]
        )
        event?.number = number
        event?.block = record.block
        event?.transaction = "\(record.transaction)"
        if stage == .gone { level = .warning }
    }

    private init(_ point: CeremonyNotice) {
        let reason: String
        let text: String
        switch point {
        case .dealt: (reason, text) = ("dealt", "dealt shares of a new group key")
        case .shareSound: (reason, text) = ("shareSound", "has a sound share of the new group key")
        case .certified(let transcript):
            (reason, text) = ("certified", "a quorum confirms the group key \(transcript.short)")
        case .proven(let transcript):
            (reason, text) = ("proven", "the group key \(transcript.short) has signed for itself")
        case .registered(let transcript):
            (reason, text) = ("registered", "the registry has the group key \(transcript.short)")
        case .active(let transcript, let hasShare):
            reason = "active"
            text =
                "the group key \(transcript.short) is in use\(hasShare ? "" : "; this node has no share of it")"
        }
        self.init(.ceremony, text, ["point": "\(reason)"])
        event?.reason = reason
    }
}

extension Digest {
    fileprivate var short: String { "0x\(hex.prefix(8))…" }
}
