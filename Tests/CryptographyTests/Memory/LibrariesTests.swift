import CSecp256k1
import Primitives
import Testing

@testable import Cryptography

@Suite struct LibrariesTests {
    @Test func `whatever is used first, and by however many threads, makes the libraries ready`() async {
        await #expect(processExitsWith: .success) {
            await withTaskGroup(of: Bool.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        var random = SystemRandom()
                        return switch task % 4 {
                        case 0: Scalar(2) * Scalar(3) == Scalar(6)
                        case 1: IdentityKey(random: &random).identity.isValidPoint
                        case 2: !Identity().isValidPoint
                        default: GroupElement.generator(times: .one) == .point(.generator)
                        }
                    }
                }
                for await succeeded in group { precondition(succeeded) }
            }
        }
    }

    @Test func `misuse of libsecp256k1 ends the process with its message`() async throws {
        let result = try await #require(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) {
            // Zeros are no point that the library made.
            _ = Point(secp256k1_pubkey()).compressed
        }
        let message = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(message.contains("libsecp256k1: "))
    }
}
