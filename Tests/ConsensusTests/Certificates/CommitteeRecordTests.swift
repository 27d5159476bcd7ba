import Consensus
import Cryptography
import Primitives
import Testing

/// Certificates of a real committee, checked with nothing but its public record.
@Suite struct CommitteeRecordTests {
    private let cast = Cast.real(4)

    private struct Dealt {
        let key: GroupKey
        let transcript: Digest
        let shares: [SecretShare]
    }

    private func deal() throws -> Dealt {
        let terms = try #require(
            KeyGenerationTerms(
                committee: cast.committee,
                deployment: cast.deployment,
                attempt: 0,
                dealers: cast.committee.indices
            )
        )
        let session = try KeyGenerationSession(terms)
        var random = RepeatableRandom(4)
        let deals = try cast.committee.indices.map { member in
            try session.check(try session.deal(as: member, random: &random), from: member)
        }
        let transcript = try session.transcript(of: deals)
        let shares = try cast.committee.indices.map { member in
            try session.share(
                from: deals,
                transcript: transcript,
                with: cast.encryptionKeys[member.offset],
                as: member
            )
        }
        return Dealt(key: transcript.key, transcript: transcript.digest, shares: shares)
    }

    private func certify(_ view: View, with dealt: Dealt) throws -> ElectionCertificate {
        let leader = cast.committee.leader(of: view)
        let account = try #require(cast.committee[leader]).account
        let statement = ElectionStatement(epoch: cast.committee.epoch, view: view, leader: account)
        let digest = cast.domain.digest(of: statement)
        var random = RepeatableRandom(5)
        let signers = dealt.shares.prefix(cast.committee.quorum)
        let vaults = signers.map { _ in NonceVault() }
        let context = NonceContext(
            epoch: cast.committee.epoch,
            view: view,
            coordinator: leader,
            statement: digest
        )
        let list = try zip(signers, vaults).map { share, vault in
            let nonces = try vault.promise(in: context, share: share, key: dealt.key, random: &random)
            return SignerCommitment(signer: share.member, nonces: nonces)
        }
        var answers: [MemberIndex: Scalar] = [:]
        for (share, vault) in zip(signers, vaults) {
            answers[share.member] = try vault.share(for: list, in: context, share: share, key: dealt.key)
        }
        let round = try SigningRound(commitments: list, key: dealt.key, statement: digest)
        return ElectionCertificate(
            epoch: cast.committee.epoch,
            view: view,
            leader: leader,
            signature: try round.aggregate(answers)
        )
    }

    private func record(of dealt: Dealt) -> CommitteeRecord {
        CommitteeRecord(
            deployment: cast.deployment,
            roster: cast.committee.roster,
            groupKey: dealt.key.publicKey.compressed,
            membersHash: Digest(),
            transcript: dealt.transcript
        )
    }

    @Test func `an election is checked with the public record alone`() throws {
        let dealt = try deal()
        let view = View(9)
        let certificate = try certify(view, with: dealt)
        let record = try CommitteeRecord(ssz: record(of: dealt).sszBytes)
        try record.verify(certificate)
        let copy = try ElectionCertificate(ssz: certificate.sszBytes)
        try record.verify(copy)

        var other = certificate
        other.view = view.advanced(by: 4)
        #expect(throws: CommitteeRecordError.election(.signature(other.view))) { try record.verify(other) }
        other = certificate
        other.leader = cast.committee.leader(of: view.advanced(by: 1))
        let due = cast.committee.leader(of: view)
        #expect(throws: CommitteeRecordError.election(.leader(is: other.leader, shouldBe: due))) {
            try record.verify(other)
        }
        other = certificate
        other.epoch = Epoch(4)
        #expect(throws: CommitteeRecordError.election(.epoch(is: Epoch(4), shouldBe: Epoch(3)))) {
            try record.verify(other)
        }
        for place in [0, 20, 33, 64] {
            other = certificate
            other.signature[place] ^= 1
            #expect(throws: CommitteeRecordError.election(.signature(view))) { try record.verify(other) }
        }
        var elsewhere = record
        elsewhere.deployment.registry[3] ^= 1
        #expect(throws: CommitteeRecordError.election(.signature(view))) { try elsewhere.verify(certificate) }
    }

    @Test func `a change of view is checked with the public record alone`() throws {
        let wish = Wish(from: View(2), to: View(3), reason: .duty, leaderSeen: .zero)
        let wishes = cast.committee.indices.prefix(3).map { cast.object(by: $0, .wish, wish.sszBytes) }
        var certificate = ViewCertificate(
            epoch: cast.committee.epoch,
            view: View(3),
            wishes: try #require(SSZList(wishes))
        )
        let record = record(of: try deal())
        try record.verify(certificate, with: cast.authenticator)
        var altered = wishes
        altered[2].signature[9] ^= 4
        certificate.wishes = try #require(SSZList(altered))
        #expect(throws: CommitteeRecordError.view(.signature(of: MemberIndex(3)))) {
            try record.verify(certificate, with: cast.authenticator)
        }
    }

    @Test func `a record that makes no committee or key says so`() throws {
        let dealt = try deal()
        let certificate = try certify(View(9), with: dealt)
        var record = record(of: dealt)
        record.groupKey = CompressedPoint()
        #expect(throws: CommitteeRecordError.groupKey(.notAPoint)) { try record.verify(certificate) }
        record.roster.members = SSZList()
        #expect(throws: CommitteeRecordError.committee(.tooFewMembers(0))) { try record.verify(certificate) }
        #expect(throws: CommitteeRecordError.committee(.tooFewMembers(0))) { try record.groupKeyStatement() }
    }

    @Test func `the statement about the key holds what the record holds`() throws {
        let record = record(of: try deal())
        let statement = try record.groupKeyStatement()
        #expect(statement.groupKey == record.groupKey)
        #expect(statement.transcript == record.transcript)
        #expect(statement.threshold == 3)
        #expect(statement.size == 4)
    }
}
