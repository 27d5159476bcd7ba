import Consensus
import Cryptography
import Primitives

/// How the nodes of a world do what their machines order, and how some do something else.
extension CeremonyWorld {
    mutating func perform(_ orders: [KeyCeremonyMachine.Action], _ member: MemberIndex) {
        for order in orders {
            guard nodes[member]?.isUp == true else { return }
            if let odds = setting.crashOneIn, now.sinceStart < setting.calmAfter, random.oneIn(odds) {
                crash(member, for: random.milliseconds(10...8000))
                return
            }
            actions += 1
            perform(order, member)
        }
        setTimer(member)
    }

    private mutating func perform(_ order: KeyCeremonyMachine.Action, _ member: MemberIndex) {
        switch order {
        case .append(let topic, let body): append(topic, body, member)
        case .deal(let plan): orderDeal(plan, member)
        case .openShare(let opening): open(opening, member)
        case .approve(let order): approve(order, member)
        case .certified(let certificate, let record):
            if setting.mischief[member] == nil { audit.certifies(certificate, record, by: member) }
            nodes[member]?.certified[certificate.transcript] = certificate
            register(certificate)
        case .withdraw(let transcript):
            nodes[member]?.certified[transcript] = nil
        case .adopt(let record):
            nodes[member]?.adopted = record
        case .eraseSecrets(let transcript):
            if registered?.transcript != transcript || !isFinal { audit.note("\(member) erases too early") }
            nodes[member]?.kept = transcript
        case .convict(let evidence):
            guard setting.mischief[member] == nil else { return }
            if let conviction = audit.convicts(evidence, by: member) { feed(member, .convicted(conviction)) }
        case .penalize(let culprit, let offence):
            audit.blames(culprit, offence, by: member)
        }
    }

    /// The key signs for itself once a quorum holds the certificate; the chain takes the first.
    private mutating func register(_ certificate: KeyCertificate) {
        let holders = nodes.values.filter { $0.certified[certificate.transcript] != nil }
        guard registered == nil, holders.count >= cast.committee.quorum else { return }
        registered = certificate
        registeredAt = now
        for member in cast.committee.indices {
            let delay = random.milliseconds(100...2000)
            agenda.plan(.registered(member), at: now.advanced(by: delay))
            agenda.plan(.final(member), at: now.advanced(by: .seconds(30)))
        }
    }
}

// MARK: - Logs

extension CeremonyWorld {
    private mutating func append(_ topic: LogTopic, _ body: [UInt8], _ member: MemberIndex) {
        audit.logs(topic, body, member)
        let mischief = setting.mischief[member]
        switch (mischief, topic) {
        case (.stall, _) where topic != .deal: return
        case (.noDeal, .deal): write([[(.deal, [1, 2, 3])]], member)
        case (.badApproval, .confirm):
            var confirm = try! Confirm(ssz: body)
            confirm.approval = FixedBytes()
            write([[(.confirm, confirm.sszBytes)]], member)
        case (.twoConfirms, .confirm):
            var second = try! Confirm(ssz: body)
            second.transcript = Digest()
            write([[(.confirm, body), (.confirm, second.sszBytes)]], member)
        case (.falseComplaint, .confirm), (.emptyComplaint, .confirm): return
        default: write([[(topic, body)]], member)
        }
        if topic == .proposal, let time = setting.leaderDiesAfterProposal {
            setting.leaderDiesAfterProposal = nil
            crash(member, for: time)
        }
    }

    /// Appends to both branches of a log, the same or a fork, and lets it spread.
    mutating func write(_ branches: [[(LogTopic, [UInt8])]], _ member: MemberIndex) {
        for branch in 0..<2 {
            for (topic, body) in branches[min(branch, branches.count - 1)] {
                let place = UInt64(logs[member]?[branch].count ?? 0) + 1
                let entry = cast.entry(by: member, topic, body, at: place)
                logs[member]?[branch].append(entry)
                if branch == Int(member.rawValue) % 2 {
                    nodes[member]?.stored[member, default: []].append(entry)
                }
            }
        }
        let count = max(branches[0].count, branches[branches.count - 1].count)
        for peer in cast.committee.indices where peer != member {
            for _ in 0..<count {
                let delay = random.milliseconds(1...150)
                agenda.plan(.arrive(of: member, at: peer), at: now.advanced(by: delay))
            }
        }
        let written = branches[min(Int(member.rawValue) % 2, branches.count - 1)].count
        for entry in nodes[member]?.stored[member, default: []].suffix(written) ?? [] {
            feed(member, .entry(entry))
        }
    }
}

// MARK: - Shells

extension CeremonyWorld {
    private mutating func orderDeal(_ plan: AttemptPlan, _ member: MemberIndex) {
        guard let boot = nodes[member]?.boot else { return }
        let delay: Duration =
            switch setting.mischief[member] {
            case .late: .seconds(40)
            case .copiedKey: .milliseconds(400)
            default: .milliseconds(1)
            }
        agenda.plan(.ordered(plan, member, boot: boot), at: now.advanced(by: delay))
        if setting.mischief[member] == .badProposals {
            for proposal in mischiefs.proposals(by: member) {
                write([[(.proposal, proposal.sszBytes)]], member)
            }
        }
    }

    mutating func deal(_ plan: AttemptPlan, _ member: MemberIndex) {
        guard let honest = nodes[member]?.shell.deal(plan) else { return }
        guard let mischief = setting.mischief[member] else { return feed(member, .dealt(honest)) }
        guard let second = nodes[member]?.shell.deal(plan) else { return }
        let victim = cast.committee.indices.first { setting.mischief[$0] == nil } ?? member
        let deals = mischiefs.deals(
            mischief,
            honest,
            second,
            other: otherDeal(honest, member),
            victim: victim
        )
        switch (mischief, deals.count) {
        case (.forkedDeal, _):
            write(deals.map { [(.deal, $0.sszBytes)] }, member)
            reportFork(of: member)
        case (_, 2): write([deals.map { (.deal, $0.sszBytes) }], member)
        case (.noDeal, _): feed(member, .dealt(honest))
        default: write([[(.deal, deals[0].sszBytes)]], member)
        }
    }

    private func otherDeal(_ deal: Deal, _ member: MemberIndex) -> Deal? {
        for author in cast.committee.indices where author != member {
            for entry in logs[author]?[0] ?? [] {
                guard
                    let entry = try? LogEntry(ssz: entry.object.payload.bytes),
                    entry.topic == LogTopic.deal.rawValue,
                    let other = try? Deal(ssz: entry.body.bytes), other.session == deal.session
                else { continue }
                return other
            }
        }
        return nil
    }

    /// Anti-entropy finds the two branches, and everyone gets the proof.
    private mutating func reportFork(of member: MemberIndex) {
        let entries = (0..<2).compactMap { logs[member]?[$0].last }
        guard let proof = TwoObjects(entries[0], entries[1]) else { return }
        guard let conviction = audit.convicts(.twoObjects(proof), by: member) else { return }
        convictions.append(conviction)
        for peer in cast.committee.indices {
            let delay = random.milliseconds(100...900)
            agenda.plan(.convicted(conviction, peer), at: now.advanced(by: delay))
        }
    }

    private mutating func open(_ opening: ShareOpening, _ member: MemberIndex) {
        let complaints = nodes[member]?.shell.open(opening) ?? []
        switch setting.mischief[member] {
        case .falseComplaint, .emptyComplaint: lie(opening, member)
        default: break
        }
        if complaints.isEmpty {
            feed(member, .shareOpened(opening.session))
        } else {
            feed(member, .shareFaulty(opening.session, complaints))
        }
    }

    private mutating func lie(_ opening: ShareOpening, _ member: MemberIndex) {
        guard
            let victim = opening.deals.first(where: { setting.mischief[$0.dealer] == nil }),
            var complaint = nodes[member]?.shell.lie(about: victim.dealer, in: opening)
        else { return }
        if setting.mischief[member] == .emptyComplaint { complaint.sharedPoint = CompressedPoint() }
        let grievance = Grievance(deal: victim.deal.digest, complaint: complaint)
        write([[(.complaint, grievance.sszBytes)]], member)
    }

    private mutating func approve(_ order: ApprovalOrder, _ member: MemberIndex) {
        guard let approval = nodes[member]?.shell.approve(order) else { return }
        feed(member, .approved(order.session, approval))
    }
}
