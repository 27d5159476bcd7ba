internal import Cryptography
package import Primitives

/// A proof with all that anybody needs to judge it without a node and without a network.
///
/// It says of which deployment and committee it is; whether that is the committee that the reader means is for the
/// reader to compare.
package struct EvidenceFile: SSZContainer {
    /// The first bytes of every file: `oracle-evidence1`, the last of them the format's version.
    package static let format = FixedBytes<ByteTag.Opaque, 16>(
        [
            0x6f, 0x72, 0x61, 0x63, 0x6c, 0x65, 0x2d,
            0x65, 0x76, 0x69, 0x64, 0x65, 0x6e, 0x63, 0x65, 0x31,
        ] as InlineArray<16, UInt8>
    )
    /// More than any file takes, in bytes.
    package static let sizeLimit = 98_304

    /// The deployment that the accused serves.
    package var deployment: Deployment
    /// The committee that it is a member of.
    package var roster: Roster
    /// The transcript of the key that a ``BadShare`` is about; none for other proofs.
    package var transcript: SSZList<KeyTranscript, 1>
    /// The proof's kind, as ``Evidence/encoded`` numbers it.
    package var kind: UInt8
    /// The proof's SSZ encoding; 66,008 bytes are the most that a proof takes.
    package var proof: ByteList<66_560>

    /// A file of a proof; `nil` when the proof is larger than the parts it is made of allow.
    package init?(_ evidence: Evidence, roster: Roster, deployment: Deployment, transcript: KeyTranscript?) {
        let (kind, bytes) = evidence.encoded
        guard
            let proof = ByteList<66_560>(bytes),
            let transcript = SSZList<KeyTranscript, 1>(transcript.map { [$0] } ?? [])
        else { return nil }
        self.deployment = deployment
        self.roster = roster
        self.transcript = transcript
        self.kind = kind
        self.proof = proof
    }

    package static let fields = [
        SSZField("format", FixedBytes<ByteTag.Opaque, 16>.self),
        SSZField("deployment", Deployment.self),
        SSZField("roster", Roster.self),
        SSZField("transcript", SSZList<KeyTranscript, 1>.self),
        SSZField("kind", UInt8.self),
        SSZField("proof", ByteList<66_560>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(Self.format)
        visitor.field(deployment)
        visitor.field(roster)
        visitor.field(transcript)
        visitor.field(kind)
        visitor.field(proof)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        let format: FixedBytes<ByteTag.Opaque, 16> = try reader.field()
        guard format == Self.format else { throw .value(of: "EvidenceFile.format") }
        deployment = try reader.field()
        roster = try reader.field()
        transcript = try reader.field()
        kind = try reader.field()
        proof = try reader.field()
    }
}

extension EvidenceFile {
    /// The proof, decoded.
    ///
    /// - Throws: ``SSZError`` for an unknown kind and for bytes that are not the kind's encoding.
    package func evidence() throws(SSZError) -> Evidence {
        try Evidence(kind: kind, ssz: proof.bytes)
    }

    /// Judges the proof by the committee in the file, as every member does.
    ///
    /// - Returns: Who is convicted of what.
    /// - Throws: ``EvidenceFileError`` when nobody is.
    /// - Complexity: a few signature checks; for a deal, and for a bad share, some multiplications for each member.
    package func conviction() throws(EvidenceFileError) -> Conviction {
        let committee: Committee
        do throws(CommitteeError) { committee = try Committee(roster) } catch { throw .committee(error) }
        let evidence: Evidence
        do throws(SSZError) { evidence = try self.evidence() } catch { throw .encoding(error) }
        let judge = EvidenceJudge(
            committee: committee,
            deployment: deployment,
            authenticator: Ed25519Verifier(),
            ceremony: CurveCeremonyVerifier(committee: committee, deployment: deployment)
        )
        let verdict = judge.judge(evidence) { digest in
            transcript.first.flatMap { $0.digest == digest ? $0.key(for: committee) : nil }
        }
        switch verdict {
        case .guilty(let conviction): return conviction
        case .unfounded: throw .unfounded
        case .undecided:
            guard case .badShare(let proof) = evidence, proof.share.object.epoch == committee.epoch else {
                throw .epoch(committee.epoch)
            }
            throw .key(proof.request.key)
        }
    }
}

/// Why a file of evidence convicts nobody.
package enum EvidenceFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The roster makes no committee.
    case committee(CommitteeError)
    /// The proof is not the encoding of one.
    case encoding(SSZError)
    /// The proof is about another epoch than this one, the roster's.
    case epoch(Epoch)
    /// The file does not show the key with this transcript, which the share is for.
    case key(Digest)
    /// The proof proves nothing.
    case unfounded

    package var description: String {
        switch self {
        case .committee(let error): "the file's roster: \(error)"
        case .encoding(let error): "the file's proof: \(error)"
        case .epoch(let epoch):
            "the proof is about another epoch than \(epoch), which the file's committee serves"
        case .key(let digest):
            "the file does not show the group key with the transcript \(digest), which the share is for"
        case .unfounded:
            "it convicts nobody: a signature is not the accused's, or what it signed is no offence"
        }
    }
}
