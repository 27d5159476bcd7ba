import Consensus
import Cryptography
import Gossip
import Primitives

/// What the view change orders.
extension PeerMachine {
    mutating func perform(_ actions: [ViewChangeMachine.Action]) {
        for action in actions {
            switch action {
            case .persist(let record, let ticket): out.append(.persist(.view(record), .view(ticket)))
            case .publish(let object): steps.append(.gossip(.registerSigned(object)))
            case .sendViewCertificate(let certificate, let member):
                send(LinkMessage(.viewCertificate, body: certificate.sszBytes), to: [member])
            case .sendElectionCertificate(let certificate, let member):
                send(LinkMessage(.electionCertificate, body: certificate.sszBytes), to: [member])
            case .spreadElectionCertificate(let certificate, let source):
                let members =
                    source == nil ? gossip.linkedMembers : gossip.meshMembers.filter { $0 != source }
                send(LinkMessage(.electionCertificate, body: certificate.sszBytes), to: members)
            case .request(let request, let member):
                send(LinkMessage(.certificateRequest, body: request.sszBytes), to: [member])
            case .forwardHeartbeat(let author, let member):
                steps.append(.gossip(.heartbeatWanted(of: author, by: member)))
            case .entered(let view, let leader, let entrance): entered(view, leader, entrance)
            case .learned(let certificate): learned(certificate)
            case .leadershipChanged(let isLeading):
                epoch?.isLeading = isLeading
                out.append(.notice(.leadership(isLeading)))
            case .suspicionChanged(let reason): suspect(reason)
            case .penalize(let member, let offence): out.append(.penalize(member, .view(offence)))
            }
        }
    }

    private mutating func send(_ certificate: LinkMessage, to members: [MemberIndex]) {
        steps.append(.gossip(.certificateComposed(certificate, to: members)))
    }

    private mutating func entered(
        _ view: View,
        _ leader: MemberIndex,
        _ entrance: ViewChangeMachine.Entrance
    ) {
        epoch?.current = view
        out.append(.notice(.viewEntered(view, leader: leader, ViewEntrance(entrance))))
        steps.append(.neighbours(.enteredView(view)))
        steps.append(.signer(.enteredView(view)))
        steps.append(.coordination(.enteredView(view)))
        steps.append(.ceremony(.enteredView(view)))
        steps.append(.anchor(.entered(view)))
        steps.append(.attestation(.entered(view)))
        steps.append(.monitor(.entered(view, leader: leader)))
        if operations != nil { out.append(.operations(.view(view))) }
        endorseLeader()
    }

    private mutating func learned(_ certificate: ElectionCertificate) {
        out.append(.notice(.certified(certificate)))
        steps.append(.anchor(.proven(.election(certificate))))
        steps.append(.monitor(.certified(certificate.view)))
        guard let endorsement = electionEndorsement(of: certificate.view) else { return }
        // The view's election is certified: no further share is needed for it.
        steps.append(.signer(.retracted(endorsement.statement.digest)))
        steps.append(.coordination(.retracted(endorsement.statement.digest)))
    }

    private mutating func suspect(_ reason: WishReason?) {
        epoch?.suspicion = reason
        steps.append(.monitor(.doubted(reason)))
        guard let epoch, let view = epoch.current else { return }
        out.append(.notice(.suspicion(view, leader: epoch.committee.leader(of: view), reason)))
    }
}

extension ViewEntrance {
    fileprivate init(_ entrance: ViewChangeMachine.Entrance) {
        self =
            switch entrance {
            case .start: .start
            case .certificate: .wishes
            case .election: .election
            }
    }
}
