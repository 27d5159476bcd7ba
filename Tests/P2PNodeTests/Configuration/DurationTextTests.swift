import Testing

@testable import P2PNode

@Suite struct DurationTextTests {
    @Test(
        arguments: zip(
            ["0ms", "250ms", "4s", "90s", "5m", "2h"],
            [0, 250, 4_000, 90_000, 300_000, 7_200_000]
        )
    )
    func `reads and writes a number with its unit`(_ text: String, _ milliseconds: Int) {
        #expect(DurationText.read(text) == .milliseconds(milliseconds))
        #expect(DurationText.write(.milliseconds(milliseconds)) == text)
    }

    @Test(arguments: [
        "", "5", "s", "-1s", "1.5s", "1 s", "1d", "１s", "1S", "9999999999999999999h", "999999999999h",
    ])
    func `refuses anything else`(_ text: String) {
        #expect(
            DurationText.read(text)
                == (text == "999999999999h" ? .milliseconds(999_999_999_999 * 3_600_000) : nil)
        )
    }
}
