import BLS12381
import CeremonySupport
import Cryptography
import Foundation
import KeyOperations
import P2PNode
import Primitives
import Testing

/// What a transcript proves is said, and kept, as it is.
@Suite struct TranscriptVerdictTests {
    private let attempt: OperationAttempt
    private let transcript: OperationTranscript

    init() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        attempt = try stage.play(try stage.planKeygen(1, by: [1, 2, 3, 4]))
        transcript = try #require(
            OperationTranscript(attempt, operations: Address(), with: Ed25519Verifier())
        )
    }

    @Test func `says what was made, and what is left to compare`() throws {
        let verdict = TranscriptVerdict(on: transcript, by: nil)
        let story = try #require(verdict.story)
        #expect(verdict.isValid && !verdict.isCommitteeGiven)
        #expect(story.complete && story.kind == "keygen" && story.operators == [1, 2, 3, 4])
        #expect(story.keys.count == 1 && story.keys[0].shares.count == 4 && story.threshold == 3)
        guard case .keys(let digest, let keys)? = attempt.result else { throw StageError("no keys") }
        #expect(story.transcript == "\(digest)")
        #expect(story.keys[0].publicKey == "\(keys[0].sharing.publicKey.bytes)")
        for words in ["VALID for", "keygen, complete", story.keys[0].publicKey, "no report is in the file"] {
            #expect(verdict.text.contains(words), "\(words)")
        }
    }

    @Test func `says whose fault it was`() throws {
        var stage = try CeremonyStage(operators: [1, 2, 3, 4])
        let failed = try stage.play(try stage.planKeygen(1, by: [1, 2, 3, 4])) { id, word in
            guard id == OperatorID(2), case .deal = word else { return [word] }
            return [.deal(Deals(SSZList()))]
        }
        let transcript = try #require(
            OperationTranscript(failed, operations: Address(), with: Ed25519Verifier())
        )
        let verdict = TranscriptVerdict(on: transcript, by: nil)
        #expect(verdict.story?.guilty.map { $0.operator } == [2] && verdict.story?.complete == false)
        #expect(verdict.text.contains("GUILTY") && verdict.text.contains("operator 2 dealt 0 keys"))
    }

    @Test func `says why nothing is proven`() throws {
        var forged = transcript
        forged.plan.attempt = 2
        let verdict = TranscriptVerdict(on: forged, by: nil)
        #expect(!verdict.isValid && verdict.reason?.contains("message 0") == true)
        #expect(verdict.text.hasPrefix("NOT VALID for"))
        let record = try ElectionWorld().record
        let other = TranscriptVerdict(on: transcript, by: record)
        #expect(other.reason?.contains("another deployment") == true && other.isCommitteeGiven)
    }

    @Test
    func `files are written once, and a transcript with more reports takes the place of the one before`()
        throws
    {
        let directory = FileManager.default.temporaryDirectory.appending(path: "transcripts-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try TranscriptFiles.write(transcript, of: attempt, to: directory)
        #expect(first.written == ["deposit_data.json", "transcript.ssz"])
        #expect(first.omitted.count == 1)
        #expect(first.folder == "\(directory)/\(transcript.plan.request.hex)/attempt-1")
        #expect(try TranscriptFiles.write(transcript, of: attempt, to: directory).written.isEmpty)
        var reported = transcript
        let report = TranscriptReport(of: 0, in: Epoch(1), signature: GroupSignature())
        reported.reports = try #require(SSZList([report]))
        #expect(try TranscriptFiles.write(reported, of: attempt, to: directory).written == ["transcript.ssz"])
        let bytes = try Data(contentsOf: URL(filePath: "\(first.folder)/transcript.ssz"))
        #expect(try OperationTranscript(encoded: Array(bytes)) == reported)
        #expect(throws: (any Error).self) {
            try TranscriptFiles.write(transcript, of: attempt, to: "/dev/null/nowhere")
        }
    }
}
