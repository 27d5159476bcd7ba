import BLS12381
import Cryptography
import Primitives

/// What follows from what was said.
extension OperationAttempt {
    /// Draws every conclusion that can be drawn now.
    mutating func advance() {
        guard result == nil else { return }
        if case .exit(let task) = plan.task { return judgeExit(task) }
        openSessions()
        judgeDeals()
        judgeComplaints()
        addUp()
        judgeConfirmations()
        conclude()
    }

    // MARK: Joins

    private mutating func openSessions() {
        guard sessions.isEmpty else { return }
        for id in plan.group.ids where !judged.joins.contains(id) {
            guard case .join(let join)? = words[id]?[.join], let index = id.shareIndex else { continue }
            judged.joins.insert(id)
            let statement = Join.statement(in: plan.id, by: id)
            if G1EncryptionKey.isProven(join.encryptionKey, by: join.proof, for: statement) {
                recipients[id] = G1Recipient(index: index, encryptionKey: join.encryptionKey)
            } else {
                convict(id, .badJoin)
            }
        }
        let recipients = plan.group.ids.compactMap { self.recipients[$0] }
        guard recipients.count == plan.group.count, !isVain else { return }
        let dealers = plan.dealers.compactMap { $0.shareIndex }
        var previous: G1PreviousSharing?
        if let sharing = plan.sharing {
            let shares = dealers.compactMap { sharing.publicShare(at: $0)?.bytes }
            previous = G1PreviousSharing(key: sharing.publicKey.bytes, publicShares: shares)
        }
        var opened: [G1SharingSession] = []
        for place in 0..<plan.count {
            let terms = G1SharingTerms(
                id: sessionID(place, recipients),
                threshold: plan.threshold,
                dealers: dealers,
                recipients: recipients,
                previous: previous
            )
            guard let session = try? G1SharingSession(terms) else {
                isVain = true
                return
            }
            opened.append(session)
        }
        sessions = opened
    }

    /// Stands for the attempt, the key and who is dealt to under which encryption keys.
    private func sessionID(_ place: Int, _ recipients: [G1Recipient]) -> KeyGenerationID {
        var bytes = Array("oracle operation sharing v1".utf8) + plan.id.array
        UInt16(place).encode(to: &bytes)
        for recipient in recipients {
            recipient.index.encode(to: &bytes)
            recipient.encryptionKey.encode(to: &bytes)
        }
        return KeyGenerationID(SHA256.hash(bytes).storage)
    }

    // MARK: Deals

    private mutating func judgeDeals() {
        guard !sessions.isEmpty, transcripts.isEmpty else { return }
        for dealer in plan.dealers where !judged.deals.contains(dealer) {
            guard case .deal(let word)? = words[dealer]?[.deal], let index = dealer.shareIndex else {
                continue
            }
            let dealt = word.deals.elements
            guard dealt.count == sessions.count else {
                judged.deals.insert(dealer)
                convict(dealer, .dealCount(dealt.count))
                continue
            }
            // It has seen other joins than these: whoever has said both is guilty, not the dealer. The sessions of one
            // attempt rest on the same joins, so who deals for any of them has no such excuse for the others.
            guard dealt.contains(where: { deal in sessions.contains { $0.id == deal.session } }) else {
                continue
            }
            judged.deals.insert(dealer)
            var checked: [CheckedG1Deal] = []
            for (place, (session, deal)) in zip(sessions, dealt).enumerated() {
                do {
                    checked.append(try session.check(deal, from: index))
                } catch {
                    convict(dealer, .badDeal(place: place, error))
                    break
                }
            }
            if checked.count == sessions.count { deals[dealer] = checked }
        }
    }

    private mutating func judgeComplaints() {
        for accuser in plan.group.ids {
            guard case .complain(let word)? = words[accuser]?[.complain], let index = accuser.shareIndex
            else {
                continue
            }
            for (number, item) in word.items.elements.enumerated()
            where judged.complaints[accuser]?.contains(number) != true {
                let place = Int(item.place)
                let accused = OperatorID(item.complaint.dealer.rawValue)
                guard place < plan.count, plan.dealers.contains(accused) else {
                    convict(accuser, .malformed(step: OperatorStep.complain.rawValue))
                    break
                }
                // About another deal than the one that came here first, nothing can be said: if there is such a deal, its
                // dealer has contradicted itself.
                guard let deal = deals[accused]?[place], deal.digest == item.deal,
                    let verdict = sessions[place].verdict(on: item.complaint, by: index, about: deal)
                else { continue }
                judged.complaints[accuser, default: []].insert(number)
                switch verdict {
                case .dealer: convict(accused, .badShare(to: accuser, place: place))
                case .accuser: convict(accuser, .falseComplaint(about: accused))
                }
            }
        }
    }

    private mutating func addUp() {
        guard transcripts.isEmpty, !hasNoSum, !sessions.isEmpty, deals.count == plan.dealers.count else {
            return
        }
        var sums: [G1SharingTranscript] = []
        for (place, session) in sessions.enumerated() {
            let deals = plan.dealers.compactMap { self.deals[$0]?[place] }
            guard let sum = try? session.transcript(of: deals) else {
                hasNoSum = true
                return
            }
            sums.append(sum)
        }
        transcripts = sums
        var bytes = Array("oracle operation transcript v1".utf8) + plan.id.array
        for sum in sums { bytes += sum.digest.array }
        transcript = SHA256.hash(bytes)
    }

    // MARK: Confirmations

    private mutating func judgeConfirmations() {
        guard let transcript else { return }
        for id in plan.group.ids where !judged.confirmations.contains(id) {
            guard case .confirm(let word)? = words[id]?[.confirm] else { continue }
            judged.confirmations.insert(id)
            // Who has another transcript has seen other words than these; that is not its own fault.
            guard word.transcript == transcript else { continue }
            if let fault = fault(of: word, by: id, transcript) {
                convict(id, fault)
            } else {
                confirmed.insert(id)
            }
        }
    }

    private func fault(of word: Confirmation, by id: OperatorID, _ transcript: Digest) -> OperatorFault? {
        guard let keyHash = plan.operators[id]?.sharesKeyHash, let index = id.shareIndex,
            word.shares.elements.count == transcripts.count
        else { return .badConfirmation }
        let hasKey = !keyHash.isZero
        guard hasKey ? Keccak256.hash(word.sharesKey.bytes) == keyHash : word.sharesKey.bytes.isEmpty else {
            return .badConfirmation
        }
        for (place, share) in word.shares.elements.enumerated() {
            let expected = statements(at: place)
            guard share.partials.elements.count == expected.count,
                hasKey == !share.encryptedShare.bytes.isEmpty
            else { return .badConfirmation }
            guard let key = transcripts[place].key.publicShare(at: index) else {
                return .badPartial(place: place)
            }
            let all = zip([share.holding] + share.partials.elements, [.holding(transcript)] + expected)
            for (bytes, statement) in all {
                guard Signature(bytes)?.isValid(for: statement, on: plan.network, by: key) == true else {
                    return .badPartial(place: place)
                }
            }
        }
        return nil
    }

    /// What the key of a place is to sign in this attempt, beside the transcript.
    package func statements(at place: Int) -> [ValidatorStatement] {
        guard case .keygen(let task) = plan.task, transcripts.indices.contains(place) else { return [] }
        let number = task.places.elements[place]
        return [
            .deposit(task.deposit(of: transcripts[place].key.publicKey)),
            .ownership(task.owner, nonce: task.nonce(of: number)),
        ]
    }

    /// What all have confirmed is done, whatever comes out about one of them: each has its share on disk.
    private mutating func conclude() {
        guard let transcript, confirmed.count == plan.group.count else { return }
        var keys: [MadeKey] = []
        for (place, sum) in transcripts.enumerated() {
            let count = statements(at: place).count
            let signatures = (0..<count).compactMap { statement in
                combined { id in
                    guard case .confirm(let word)? = words[id]?[.confirm] else { return nil }
                    return word.shares.elements[place].partials.elements[statement]
                }
            }
            guard signatures.count == count else { return }
            var number: UInt16 = 0
            if case .keygen(let task) = plan.task { number = task.places.elements[place] }
            keys.append(
                MadeKey(
                    place: number,
                    sharing: sum.key,
                    depositSignature: signatures.first,
                    ownershipSignature: signatures.dropFirst().first
                )
            )
        }
        result = .keys(transcript: transcript, keys)
    }

    // MARK: Exits

    private mutating func judgeExit(_ task: ExitTask) {
        guard let sharing = plan.sharing else { return }
        for id in plan.group.ids where !judged.confirmations.contains(id) {
            guard case .exit(let word)? = words[id]?[.exit], let index = id.shareIndex else { continue }
            judged.confirmations.insert(id)
            let key = sharing.publicShare(at: index)
            let isRight = key.map {
                Signature(word.signature)?.isValid(for: .exit(task.exit), on: plan.network, by: $0) == true
            }
            if isRight == true { confirmed.insert(id) } else { convict(id, .badPartial(place: 0)) }
        }
        guard confirmed.count >= signersNeeded else { return }
        let signature = combined { id in
            guard confirmed.contains(id), case .exit(let word)? = words[id]?[.exit] else { return nil }
            return word.signature
        }
        if let signature { result = .exit(signature) }
    }

    /// The signature that the parts of as many operators as it takes make; their order does not matter.
    private func combined(_ part: (OperatorID) -> G2Bytes?) -> G2Bytes? {
        var parts: [(index: ShareIndex, element: G2)] = []
        for id in plan.group.ids where parts.count < signersNeeded {
            guard let index = id.shareIndex, let bytes = part(id), let element = G2(bytes) else { continue }
            parts.append((index, element))
        }
        guard parts.count == signersNeeded else { return nil }
        return G2.interpolate(parts)?.compressed
    }
}
