import Testing

@testable import P2PNode

struct ImagePagesTests {
    @Test("Code and constants that were given back are there again when they are used")
    func comesBack() {
        let before = words()
        #expect(ImagePages.giveBack() > 1 << 20)
        #expect(words() == before)
        // Given back at any time and by several at once.
        #expect(ImagePages.giveBack() == ImagePages.giveBack())
    }

    private func words() -> String {
        (0..<64).map { "\($0): \(String(reflecting: ImagePages.self)), \(Double($0).squareRoot())" }.joined()
    }
}
